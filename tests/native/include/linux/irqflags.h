/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_IRQFLAGS_H
#define NATIVE_IRQFLAGS_H

/* Nothing interrupts. */
#define local_irq_save(flags)	 ((void)((flags) = 0))
#define local_irq_restore(flags) ((void)(flags))

#endif

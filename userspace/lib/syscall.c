// SPDX-License-Identifier: LGPL-2.1
/* The names of system calls, which libseccomp knows for all machines. */
#include <elf.h>
#include <seccomp.h>
#include <stdlib.h>

#include "syscall.h"

static uint32_t seccomp_arch(uint32_t machine, bool compat)
{
	switch (machine) {
	case EM_X86_64:
		return compat ? SCMP_ARCH_X86 : SCMP_ARCH_X86_64;
	case EM_AARCH64:
		return compat ? SCMP_ARCH_ARM : SCMP_ARCH_AARCH64;
	default:
		return 0;
	}
}

const char *flightrec_syscall_names_find(struct syscall_names *names, uint32_t machine, uint32_t nr,
					 bool compat)
{
	uint32_t arch = seccomp_arch(machine, compat);

	if (nr >= FLIGHTREC_NR_NONE || !arch)
		return NULL;
	if (!names->known[compat][nr]) {
		names->names[compat][nr] = seccomp_syscall_resolve_num_arch(arch, nr);
		names->known[compat][nr] = true;
		if (nr >= names->end[compat])
			names->end[compat] = nr + 1;
	}
	return names->names[compat][nr];
}

void flightrec_syscall_names_free(struct syscall_names *names)
{
	for (int abi = 0; abi < 2; abi++)
		for (uint32_t nr = 0; nr < names->end[abi]; nr++)
			free(names->names[abi][nr]);
}

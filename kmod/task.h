/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_TASK_H
#define FLIGHTREC_TASK_H

#include <linux/types.h>

struct cgroup;
struct task_struct;

u32 flightrec_task_current(struct task_struct **task);
u32 flightrec_task_flags(struct task_struct *task);
struct cgroup *flightrec_task_cgroup(struct task_struct *task);
u64 flightrec_cgroup_id(struct cgroup *cgroup);
u32 flightrec_task_pid_ns(struct task_struct *task, u32 *inode);
void flightrec_task_comm(struct task_struct *task, char *comm);
void flightrec_task_describe(struct task_struct *task, u64 *words);

#endif

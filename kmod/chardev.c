// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/flightrec: reading it is a snapshot, writing it a mark, the rest are
 * ioctls (uapi/flightrec_ioctl.h).
 *
 * An open file has at most one snapshot: taken by the first read, or by the
 * SNAPSHOT ioctl, which replaces the one before.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include <flightrec_ioctl.h>
#include "chardev.h"
#include "compat.h"
#include "events.h"
#include "mark.h"
#include "recorder.h"
#include "snapshot.h"
#include "wait.h"

/**
 * struct device_file - an open file
 * @lock: protects @cut, and keeps its readers apart
 * @cut: its snapshot, if one was taken; freed with the file
 */
struct device_file {
	struct mutex lock; /* @cut */
	struct flightrec_cut *cut;
};

static int device_open(struct inode *inode, struct file *file)
{
	struct device_file *device = kzalloc(sizeof(*device), GFP_KERNEL_ACCOUNT);

	if (!device)
		return -ENOMEM;
	mutex_init(&device->lock);
	file->private_data = device;
	return 0;
}

static int device_release(struct inode *inode, struct file *file)
{
	struct device_file *device = file->private_data;

	flightrec_cut_free(device->cut);
	kfree(device);
	return 0;
}

/* For a file that has none: as configured. */
static int take_first_snapshot(struct device_file *device)
{
	static const struct flightrec_snapshot ordinary;
	struct flightrec_cut *cut;

	lockdep_assert_held(&device->lock);
	if (!perfmon_capable())
		return -EPERM;
	cut = flightrec_cut_take(&ordinary);
	if (IS_ERR(cut))
		return PTR_ERR(cut);
	device->cut = cut;
	return 0;
}

static ssize_t device_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct device_file *device = iocb->ki_filp->private_data;
	ssize_t ret = 0;

	if (mutex_lock_interruptible(&device->lock))
		return -EINTR;
	if (!device->cut)
		ret = take_first_snapshot(device);
	if (!ret)
		ret = flightrec_cut_read(device->cut, &iocb->ki_pos, to);
	mutex_unlock(&device->lock);
	return ret;
}

static ssize_t device_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return flightrec_mark_text(from);
}

/*
 * A file without a snapshot gets one at its first read, which is never empty. While
 * another thread is at it, which may take as long as its pages do, a read would wait.
 */
static __poll_t device_poll(struct file *file, poll_table *wait)
{
	struct device_file *device = file->private_data;
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	if (!mutex_trylock(&device->lock))
		return mask | EPOLLIN | EPOLLRDNORM;
	if (!device->cut || file->f_pos < flightrec_cut_bytes(device->cut))
		mask |= EPOLLIN | EPOLLRDNORM;
	mutex_unlock(&device->lock);
	return mask;
}

static loff_t device_llseek(struct file *file, loff_t offset, int whence)
{
	struct device_file *device = file->private_data;
	loff_t ret = 0;

	if (mutex_lock_interruptible(&device->lock))
		return -EINTR;
	/* Where the end is, only a snapshot tells. */
	if (!device->cut && whence == SEEK_END)
		ret = take_first_snapshot(device);
	if (!ret)
		ret = generic_file_llseek_size(file, offset, whence, MAX_LFS_FILESIZE,
					       device->cut ? flightrec_cut_bytes(device->cut) : 0);
	mutex_unlock(&device->lock);
	return ret;
}

union argument {
	u32 size; /* of the caller's, and the first field of each */
	struct flightrec_config config;
	struct flightrec_status status;
	struct flightrec_snapshot snapshot;
	struct flightrec_wait wait;
	struct flightrec_mark mark;
	struct flightrec_cpu_status cpu_status;
};

/**
 * struct call - a call of an ioctl
 * @file: on which
 * @arg: a copy of its argument, if it has one
 * @cut: what SNAPSHOT took, and becomes the file's once its caller is told of it
 */
struct call {
	struct file *file;
	union argument arg;
	struct flightrec_cut *cut;
};

static int do_get_config(struct call *call)
{
	struct flightrec_state state;

	flightrec_recorder_state(&state);
	state.config.size = call->arg.size;
	call->arg.config = state.config;
	return 0;
}

static int do_set_config(struct call *call)
{
	return flightrec_recorder_configure(&call->arg.config);
}

static int do_clear(struct call *call)
{
	flightrec_recorder_clear();
	return 0;
}

static int do_wait(struct call *call)
{
	return flightrec_wait_for_data(&call->arg.wait);
}

static int do_mark(struct call *call)
{
	return call->file->f_mode & FMODE_WRITE ? flightrec_mark_region(&call->arg.mark) : -EBADF;
}

static int do_cpu_status(struct call *call)
{
	if (call->arg.cpu_status.flags || call->arg.cpu_status.reserved)
		return -EINVAL;
	return flightrec_recorder_cpu_status(&call->arg.cpu_status);
}

static int do_start(struct call *call)
{
	return flightrec_recorder_start();
}

static int do_stop(struct call *call)
{
	return flightrec_recorder_stop();
}

static int do_status(struct call *call)
{
	u32 size = call->arg.size;

	memset(&call->arg.status, 0, sizeof(call->arg.status));
	call->arg.size = size;
	flightrec_recorder_status(&call->arg.status);
	return 0;
}

static int do_snapshot(struct call *call)
{
	struct flightrec_snapshot *request = &call->arg.snapshot;
	struct flightrec_cut *cut;

	if (request->flags & ~FLIGHTREC_SNAPSHOT_CONTINUE || request->reserved)
		return -EINVAL;
	if (request->min_age_ns && request->begin_ns)
		return -EINVAL;
	if (request->events_wanted && !flightrec_events_valid(request->events_wanted))
		return -EINVAL;
	cut = flightrec_cut_take(request);
	if (IS_ERR(cut))
		return PTR_ERR(cut);
	flightrec_cut_tell(cut, request);
	call->cut = cut;
	return 0;
}

/* Replaces the file's snapshot. */
static int keep_snapshot(struct call *call)
{
	struct device_file *device = call->file->private_data;

	if (mutex_lock_interruptible(&device->lock))
		return -EINTR;
	swap(device->cut, call->cut);
	call->file->f_pos = 0;
	mutex_unlock(&device->lock);
	return 0;
}

/* What one has to be allowed for it. */
enum right {
	TO_LOOK, /* CAP_PERFMON */
	TO_CHANGE, /* CAP_SYS_ADMIN */
	TO_WRITE, /* that the file is open for writing, which run() checks */
};

/**
 * struct command - an ioctl
 * @run: does it
 * @right: what it needs
 * @returns: the argument is written back
 * @size: of the argument as this kernel knows it; 0: there is none
 * @size_min: of its first version
 */
struct command {
	int (*run)(struct call *call);
	enum right right;
	bool returns;
	u32 size;
	u32 size_min;
};

#define ARGUMENT(type, last) .size = sizeof(type), .size_min = offsetofend(type, last)

/* By _IOC_NR(). */
static const struct command commands[] = {
	[_IOC_NR(FLIGHTREC_GET_CONFIG)] = { .run = do_get_config,
					    .returns = true,
					    ARGUMENT(struct flightrec_config, min_age_ns) },
	[_IOC_NR(FLIGHTREC_SET_CONFIG)] = { .run = do_set_config,
					    .right = TO_CHANGE,
					    ARGUMENT(struct flightrec_config, min_age_ns) },
	[_IOC_NR(FLIGHTREC_START)] = { .run = do_start, .right = TO_CHANGE },
	[_IOC_NR(FLIGHTREC_STOP)] = { .run = do_stop, .right = TO_CHANGE },
	[_IOC_NR(FLIGHTREC_CLEAR)] = { .run = do_clear, .right = TO_CHANGE },
	[_IOC_NR(FLIGHTREC_WAIT)] = { .run = do_wait,
				      .returns = true,
				      ARGUMENT(struct flightrec_wait, since) },
	[_IOC_NR(FLIGHTREC_MARK)] = { .run = do_mark,
				      .right = TO_WRITE,
				      ARGUMENT(struct flightrec_mark, reserved) },
	[_IOC_NR(FLIGHTREC_CPU_STATUS)] = { .run = do_cpu_status,
					    .returns = true,
					    ARGUMENT(struct flightrec_cpu_status, bytes_written) },
	[_IOC_NR(FLIGHTREC_STATUS)] = { .run = do_status,
					.returns = true,
					ARGUMENT(struct flightrec_status, bytes_written) },
	[_IOC_NR(FLIGHTREC_SNAPSHOT)] = { .run = do_snapshot,
					  .returns = true,
					  ARGUMENT(struct flightrec_snapshot, complete_since_ns) },
};

static bool allowed(const struct command *command)
{
	switch (command->right) {
	case TO_CHANGE:
		return capable(CAP_SYS_ADMIN);
	case TO_LOOK:
		return perfmon_capable();
	default:
		return true;
	}
}

/* The caller's argument, of which what this kernel doesn't know is zero. */
static int read_argument(const struct command *command, struct call *call, void __user *user)
{
	u32 size;
	int err;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < command->size_min)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(&call->arg, command->size, user, size);
	/* A second thread may have changed it since. */
	call->arg.size = size;
	return err;
}

static int run_with_argument(const struct command *command, struct call *call, void __user *user)
{
	int err;

	err = read_argument(command, call, user);
	if (err)
		return err;
	err = command->run(call);
	/* After a timeout, how much there is. */
	if ((!err || err == -ETIMEDOUT) && command->returns &&
	    copy_to_user(user, &call->arg, min(call->arg.size, command->size)))
		err = -EFAULT;
	if (!err && call->cut)
		err = keep_snapshot(call);
	/* The one before, or this one if nobody was told of it */
	flightrec_cut_free(call->cut);
	return err;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct call call = { .file = file };
	const struct command *command;

	if (_IOC_TYPE(cmd) != FLIGHTREC_IOC_MAGIC || _IOC_NR(cmd) >= ARRAY_SIZE(commands) ||
	    cmd != _IO(FLIGHTREC_IOC_MAGIC, _IOC_NR(cmd)))
		return -ENOTTY;
	command = &commands[_IOC_NR(cmd)];
	if (!allowed(command))
		return -EPERM;
	if (!command->size)
		return command->run(&call);
	return run_with_argument(command, &call, (void __user *)arg);
}

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read_iter = device_read_iter,
	.write_iter = device_write_iter,
	.poll = device_poll,
	.splice_read = flightrec_splice_read,
	.llseek = device_llseek,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "flightrec",
	.fops = &device_operations,
	.mode = 0600,
};

int __init flightrec_chardev_init(void)
{
	flightrec_snapshot_init();
	return misc_register(&device);
}

void flightrec_chardev_exit(void)
{
	misc_deregister(&device);
}

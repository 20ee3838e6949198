// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/hecache: requests by ioctl, events by read() and poll().
 *
 * uapi/hecache_control.h is the contract.  Here a request is checked for what all
 * have in common (its number and size, its version, how the device is open) and
 * copied in and out; control.c does it.  Statistics are in the device's folder in
 * sysfs (stats.c).
 *
 * A device and not debugfs, because lockdown refuses debugfs to everybody; and not
 * generic netlink, because a node has an owner, a mode and a label, which is all that
 * it takes to let a group look, and another change.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "control.h"
#include "device.h"
#include "events.h"
#include "stats.h"

#define READ_MAX 256 /* events of one read() */

/* An open device. */
struct reader {
	struct mutex lock; /* one read() at a time */
	u64 next; /* number of the event to be read next */
};

static int device_open(struct inode *inode, struct file *file)
{
	struct reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);

	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->lock);
	reader->next = hec_kvm_events_next();
	file->private_data = reader;
	return stream_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/* Events */

/* Copies what is there, READ_MAX events at most: bytes, or -EFAULT if not even one. */
static ssize_t copy_events(struct reader *reader, char __user *buf, size_t len)
{
	struct hecache_control_event event;
	size_t done = 0;
	unsigned int i;
	u64 next;

	for (i = 0; i < READ_MAX && len - done >= sizeof(event); i++) {
		next = reader->next;
		if (!hec_kvm_events_take(&next, &event))
			break;
		if (copy_to_user(buf + done, &event, sizeof(event)))
			return done ?: -EFAULT;
		reader->next = next;
		done += sizeof(event);
	}
	return done;
}

static ssize_t read_events(struct file *file, struct reader *reader,
			   char __user *buf, size_t len)
{
	ssize_t done;
	int err;

	while (!(done = copy_events(reader, buf, len))) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		err = hec_kvm_events_wait(reader->next);
		if (err)
			return err;
	}
	return done;
}

static ssize_t device_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	struct reader *reader = file->private_data;
	ssize_t done;

	if (len < sizeof(struct hecache_control_event))
		return -EINVAL;
	if (mutex_lock_interruptible(&reader->lock))
		return -ERESTARTSYS;
	done = read_events(file, reader, buf, len);
	mutex_unlock(&reader->lock);
	return done;
}

static __poll_t device_poll(struct file *file, poll_table *table)
{
	struct reader *reader = file->private_data;

	return hec_kvm_events_poll(file, table, READ_ONCE(reader->next));
}

/* Requests */

static long do_request(const struct hec_kvm_request *request, void __user *user)
{
	union hec_kvm_op op;
	size_t size = _IOC_SIZE(request->number);
	long err;

	if (copy_from_user(&op, user, size))
		return -EFAULT;
	if (op.version != HECACHE_CONTROL_VERSION)
		return -EPROTONOSUPPORT;
	err = request->run(&op);
	if (err)
		return err;
	return copy_to_user(user, &op, size) ? -EFAULT : 0;
}

static long device_ioctl(struct file *file, unsigned int number,
			 unsigned long arg)
{
	const struct hec_kvm_request *request = hec_kvm_request_find(number);

	if (!request)
		return -ENOTTY;
	if (!(file->f_mode & request->mode))
		return -EACCES;
	return do_request(request, (void __user *)arg);
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read = device_read,
	.poll = device_poll,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hecache",
	.mode = 0600,
	.fops = &device_fops,
	.groups = hec_kvm_stats_groups,
};

int hec_kvm_device_init(void)
{
	return misc_register(&device);
}

void hec_kvm_device_fini(void)
{
	misc_deregister(&device);
}

# SPDX-License-Identifier: GPL-2.0
"""The virtual machine: what qemu is told."""

import os

import qemu

COMMAND_LINE = (
    "rdinit=/init",
    "panic=-1",             # reboot at once, of which -no-reboot makes an end
    "oops=panic",
    # A guest's CPU can be kept from running for long: two real ones carry four
    # emulated ones and whatever else the machine does. These limits are about
    # a guest that hangs, not one that is slow.
    "rcupdate.rcu_cpu_stall_timeout=150",
    "rcupdate.rcu_exp_cpu_stall_timeout=150000",
    "watchdog_thresh=60",   # soft lockup: twice that
    "workqueue.watchdog_thresh=150",
    "sysctl.kernel.hung_task_timeout_secs=150",
    "sysctl.kernel.panic_on_oops=1",
)
OF_ARCHITECTURE = {
    "amd64": (
        "console=ttyS0",
        "tsc=reliable",     # else a guest with several CPUs under TCG drops it
        "no_timer_check",   # a slow host can be too slow for the check of the timer
    ),
    "arm64": ("console=ttyAMA0",),
}


class Machine:
    def __init__(self, kernel, initrd, console, cpus, memory):
        self.kernel = kernel
        self.initrd = initrd
        self.console = console
        self.cpus = cpus
        self.memory = memory
        self.append = []
        self.devices = []
        self.ports = 0

    def share(self, tag, folder, readonly=False):
        """A folder of this machine, as a 9p file system."""
        self.devices += ["-virtfs", f"local,path={_escaped(os.path.abspath(folder))},"
                         f"mount_tag={tag},security_model=none,multidevs=remap"
                         + (",readonly=on" if readonly else "")]

    def port(self, name, path):
        """A way out of the guest into a file or an open descriptor."""
        if not self.ports:
            self.devices += ["-device", "virtio-serial-pci,max_ports=8"]
        self.ports += 1
        self.devices += ["-chardev", f"file,id={name},path={_escaped(path)}",
                         "-device", f"virtserialport,chardev={name},name={name},nr={self.ports}"]

    def terminal(self):
        """This terminal as the guest's hvc0."""
        self.devices += ["-chardev", "stdio,id=terminal,signal=off",
                         "-device", "virtconsole,chardev=terminal,nr=7"]

    def _topology(self):
        """Cores of one package; but where there is no ACPI the kernel goes by the
        MP table, and that has only each package's first."""
        return f"{self.cpus},sockets={1 if self.kernel.acpi else self.cpus}"

    def command(self, accelerator):
        words = (*OF_ARCHITECTURE[self.kernel.architecture], *COMMAND_LINE, *self.append)
        return [*qemu.command(self.kernel.architecture), "-nodefaults", "-no-user-config",
                "-display", "none", "-no-reboot", "-smp", self._topology(), "-m", str(self.memory),
                "-kernel", self.kernel.image, "-initrd", self.initrd,
                "-append", " ".join(words),
                "-serial", f"file:{_escaped(self.console)}",
                *accelerator, *self.devices]


def _escaped(path):
    return path.replace(",", ",,")

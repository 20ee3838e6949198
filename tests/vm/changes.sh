#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# changes: the disk below the target changes other than by what is written to it:
# partitions, another size, another table of a device-mapper device, a snapshot that is
# merged; commands to the drivers of SCSI and NVMe disks.  What the target answers must
# be what the disk has; and what it need not forget it must not.
. "$(dirname "$0")/lib.sh"

shared=disk
"$root/testbed/packages" sg3-utils nvme-cli
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/change" "$here/change.c"
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/change" --file "$out/torture" --program sg_raw \
	--program nvme --program addpart --program delpart --program mkfs.ext4 \
	--module virtio_scsi --module sd_mod --module sg --module scsi_debug \
	--module nvme --module dm-snapshot --module 'crc32c_generic?'
for disk in virtio scsi nvme path; do
	truncate -s 64M "$out/$disk.img"
done
run --mem 1024 --disk "$out/virtio.img" --disk "$out/scsi.img" \
	--disk "$out/nvme.img" --disk "$out/path.img"

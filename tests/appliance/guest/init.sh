#!/usr/bin/busybox sh
# shellcheck shell=dash
# First process of the machine: makes the devices, runs the task, hands out what it left in /out, and switches off.
export PATH=/usr/bin HOME=/root
/usr/bin/busybox --install -s /usr/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm
mount -t tmpfs shm /dev/shm
ifconfig lo 127.0.0.1 up

load() {
  while read -r module settings; do
    # shellcheck disable=SC2086 # several settings
    insmod "/modules/$module" $settings || echo "The module $module could not be loaded."
  done <"$1"
}
load /modules/order
for disk in /sys/block/vd*; do
  ln -s "${disk##*/}" "/dev/$(cat "$disk/serial")"
done

[ ! -e /dev/disk ] || load /modules/for-disk

# The header of a Raspberry Pi 4, whose inputs rest high.
mount -t configfs config /sys/kernel/config
chip=/sys/kernel/config/gpio-sim/header
mkdir "$chip" "$chip/bank"
echo 28 >"$chip/bank/num_lines"
echo pinctrl-bcm2711 >"$chip/bank/label"
echo 1 >"$chip/live"
LINES=/sys/devices/platform/$(cat "$chip/dev_name")/$(cat "$chip/bank/chip_name")
for line in "$LINES"/sim_gpio*; do
  echo pull-up >"$line/pull"
done
# The relay's is pulled down at power-on, and again when the program that has it ends.
echo pull-down >"$LINES/sim_gpio25/pull"

export LINES LINES_CONFIG=$chip RELEASE=/opt/lacquer/current
export GUEST=$RELEASE/dist/tests/appliance/guest
cd /root || exit
read -r up rest </proc/uptime
echo "The task begins at $up s."
sh /task
code=$?
read -r up rest </proc/uptime
tar -c -f /dev/results -C /out .
sync
echo "The task ended with $code at $up s."
poweroff -f

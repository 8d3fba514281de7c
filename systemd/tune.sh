#!/bin/sh
# Readies the machine for sound: processor at full clock, sound interrupts before the audio thread, Wi-Fi awake, no swap.
# Each step is tried and reported; a step that this machine does not offer is no failure.
# LACQUER_ROOT stands before /sys and /proc, for tests.
set -u

root=${LACQUER_ROOT:-}
# Above the audio thread (70), below the kernel's own watchdogs (99).
irq_priority=85

say() { printf '%s\n' "$1"; }

set_governor() {
  count=0
  for file in "$root"/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do
    [ -f "$file" ] || continue
    if printf 'performance\n' >"$file" 2>/dev/null; then count=$((count + 1)); else say "governor: $file refuses"; fi
  done
  say "governor: performance on $count processors"
}

# Interrupt handlers are threads with "threadirqs" on the kernel's command line or a PREEMPT_RT kernel; else there is nothing to raise.
raise_interrupts() {
  count=0
  for folder in "$root"/proc/[0-9]*; do
    [ -r "$folder/comm" ] || continue
    read -r name <"$folder/comm" || continue
    case $name in
      irq/*dma* | irq/*DMA* | irq/*i2s* | irq/*snd* | irq/*xhci*) ;;
      *) continue ;;
    esac
    if chrt --fifo --pid "$irq_priority" "${folder##*/}" 2>/dev/null; then count=$((count + 1)); else say "interrupts: $name refuses"; fi
  done
  say "interrupts: $count sound interrupts at priority $irq_priority"
}

wake_wifi() {
  for folder in "$root"/sys/class/net/*/wireless; do
    [ -d "$folder" ] || continue
    device=${folder%/wireless}
    device=${device##*/}
    if iw dev "$device" set power_save off 2>/dev/null; then say "wifi: $device stays awake"; else say "wifi: $device refuses (is iw installed?)"; fi
  done
}

drop_swap() {
  [ -r "$root/proc/swaps" ] || return 0
  # The first line is a heading.
  if [ "$(wc -l <"$root/proc/swaps")" -le 1 ]; then say "swap: none"; return 0; fi
  if swapoff -a 2>/dev/null; then say "swap: off"; else say "swap: cannot be turned off; the sound may stop while pages come back"; fi
}

set_governor
raise_interrupts
wake_wifi
drop_swap

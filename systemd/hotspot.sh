#!/bin/sh
# Opens the box's own Wi-Fi where no known network is in reach, and looks again now and then while nobody uses it.
# Started each minute by lacquer-hotspot.timer. A radio serves one network at a time, so the two take turns.
set -u

profile=lacquer-hotspot
# Time that NetworkManager has to find a known network, and time between two looks while the hotspot is open and unused.
wait_s=${LACQUER_HOTSPOT_WAIT_S:-20}
look_again_s=${LACQUER_HOTSPOT_LOOK_AGAIN_S:-600}
opened=${RUNTIME_DIRECTORY:-/run/lacquer-hotspot}/opened

say() { printf '%s\n' "$1"; }
uptime_s() { cut -d. -f1 /proc/uptime; }

wifi_device() { nmcli -t -f DEVICE,TYPE device 2>/dev/null | sed -n 's/:wifi$//p' | head -n 1; }

# Whether a cable or a Wi-Fi other than ours carries a network. A colon in a name is escaped, so the type is what follows the last.
is_connected() {
  nmcli -t -f NAME,TYPE connection show --active 2>/dev/null | grep -v "^$profile:" | grep -Eq ':(802-3-ethernet|802-11-wireless)$'
}

is_open() { nmcli -t -f NAME connection show --active 2>/dev/null | grep -qx "$profile"; }

connects_in_time() {
  waited=0
  while [ "$waited" -lt "$wait_s" ]; do
    is_connected && return 0
    sleep 2
    waited=$((waited + 2))
  done
  is_connected
}

open_hotspot() {
  [ -z "${LACQUER_COUNTRY:-}" ] || iw reg set "$LACQUER_COUNTRY" 2>/dev/null || true
  # Raspberry Pi OS keeps the radio off until a country is set.
  rfkill unblock wifi 2>/dev/null || true
  if nmcli --wait 30 connection up "$profile" >/dev/null 2>&1; then
    uptime_s >"$opened"
    say "no known network is in reach: the hotspot is open"
  else
    say "no known network is in reach, and the hotspot does not open: nmcli connection up $profile says why"
  fi
}

is_used() { [ "$(iw dev "$device" station dump 2>/dev/null | grep -c '^Station')" -gt 0 ]; }

is_fresh() {
  [ -r "$opened" ] || return 1
  read -r since <"$opened" && [ $(($(uptime_s) - since)) -lt "$look_again_s" ]
}

device=$(wifi_device)
[ -n "$device" ] || exit 0

if is_open; then
  if is_used || is_fresh; then exit 0; fi
  nmcli connection down "$profile" >/dev/null 2>&1
fi
connects_in_time || open_hotspot

#!/usr/bin/env bash
# Takes Lacquer off this machine. What was adjusted, and the configuration, stay for a later installation.
set -euo pipefail
shopt -s inherit_errexit

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=systemd/common.sh
. "$here/common.sh"

usage='Usage: sudo systemd/uninstall.sh [--purge] [--root DIR]

  --purge     delete the saved state, the takes, the configuration and the user as well
  --root DIR  take it out of a folder that install.sh --root has filled'

purge=0
while (($#)); do
  case $1 in
    --purge) purge=1; shift ;;
    --root) (($# > 1)) || die "--root needs a value."; root=$(readlink -m "$2"); [[ $root != / ]] || root=''; shift 2 ;;
    --help | -h) say "$usage"; exit 0 ;;
    *) warn "there is no option $1."; say "$usage" >&2; exit 2 ;;
  esac
done

units=(lacquer-hotspot.timer lacquer-poweroff.path lacquer-web.service lacquer-web.socket lacquer-box.service lacquer-tune.service lacquer-settle.service)

need_root
# Once more is no mistake: there is nothing to take out then, but --purge may still have its part to do.
[[ ! -d $(home) ]] || lock
if is_live; then systemctl stop "${units[@]}" 2>/dev/null || true; fi
for unit in "${units[@]}"; do systemctl ${root:+--root="$root"} disable --quiet "$unit" 2>/dev/null || true; done
# The folders come last, and only those that are empty go.
list=$(tac "$(home)/placed" 2>/dev/null || true)
while IFS= read -r path; do [[ -z $path || $path == */ ]] || rm -f "$root$path"; done <<<"$list"
if ((purge)); then
  rm -rf "$root/var/lib/lacquer" "$root/etc/lacquer"
  userdel ${root:+--prefix "$root"} lacquer 2>/dev/null || true
fi
installed=$(home)
rm -rf "$installed"
while IFS= read -r path; do [[ $path != */ ]] || rmdir --ignore-fail-on-non-empty "$root$path" 2>/dev/null || true; done <<<"$list"
if is_live; then
  systemctl daemon-reload
  udevadm control --reload || true
  nmcli connection reload 2>/dev/null || true
fi
say "Lacquer is gone.$( ((purge)) || printf ' Its state stays in /var/lib/lacquer, its configuration in /etc/lacquer; --purge deletes them.')"

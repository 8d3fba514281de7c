# shellcheck shell=bash
# Shared by install.sh, update.sh and uninstall.sh, which read it in.
#
# /opt/lacquer/releases/NAME   one folder a release; NAME is its version and a sum over its files
# /opt/lacquer/current         link to the release that runs; replaced in one step, never absent
# /opt/lacquer/previous        link to the one that ran well before, for rollback
# /opt/lacquer/fallback        link to the one that ran well, only while another is being tried
# /opt/lacquer/placed          what was put outside this folder, a line each; a folder ends in a slash

# What stands before every path: empty on the machine itself, a folder with --root.
root=''
# The box must be ready in this time after a switch, and then run so long without a restart.
ready_s=30
watch_s=60
kept_releases=3

say() { printf '%s\n' "$*"; }
warn() { printf 'lacquer: %s\n' "$*" >&2; }
die() {
  warn "$*"
  exit 1
}

read_watch() {
  [[ $1 =~ ^[0-9]{1,4}$ ]] || die "--watch is \"$1\"; allowed 0 to 9999 seconds."
  # Without the base, 08 would be a wrong octal number.
  watch_s=$((10#$1))
}

# Whether this machine itself is changed, and systemd runs it.
is_live() { [[ -z $root && -d /run/systemd/system ]]; }

need_root() {
  [[ -n $root || $EUID -eq 0 ]] || die "this changes the system: run it with sudo, or with --root DIR to look at the result first."
}

home() { printf '%s/opt/lacquer' "$root"; }

# Two installations at once would mix their files.
lock() {
  if [[ ! -d $root/opt ]]; then
    mkdir -p "$(home)"
    note_placed /opt/
  fi
  mkdir -p "$(home)"
  exec 9>"$(home)/.lock"
  flock --nonblock 9 || die "another installation or update runs."
}

# What was written is on the disk from here on; a folder that is looked at needs no such promise.
settle() { [[ -n $root ]] || sync -f "$(home)"; }

link_target() { basename "$(readlink "$(home)/$1" 2>/dev/null || true)"; }

# Points link $1 to release $2 in one step: rename(2) replaces the old link.
point() {
  local new
  new="$(home)/.$1.$$"
  ln -sfn "releases/$2" "$new"
  mv -T "$new" "$(home)/$1"
  settle
}

unlink_release() {
  rm -f "$(home)/$1"
  settle
}

# Deletes the oldest releases; what runs, and what ran before, stays.
prune_releases() {
  local release kept=0
  while IFS= read -r release; do
    if [[ $release == "$(link_target current)" || $release == "$(link_target previous)" || $kept -lt $((kept_releases - 2)) ]]; then
      [[ $release == "$(link_target current)" || $release == "$(link_target previous)" ]] || kept=$((kept + 1))
    else
      rm -rf "$(home)/releases/$release"
    fi
  done < <(cd "$(home)/releases" && find . -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' | sort -rn | cut -d' ' -f2)
}

note_placed() {
  local list
  list="$(home)/placed"
  grep -qxF -- "$1" "$list" 2>/dev/null || printf '%s\n' "$1" >>"$list"
}

make_folder() {
  local folder=$1
  [[ -d $root$folder ]] && return
  make_folder "$(dirname "$folder")"
  mkdir "$root$folder"
  note_placed "$folder/"
}

# Puts file $1 at $2, with mode $3; a reader finds the old file or the new one.
place() {
  local from=$1 path=$2 mode=${3:-644}
  make_folder "$(dirname "$path")"
  note_placed "$path"
  cmp -s "$from" "$root$path" && [[ $(stat -c %a "$root$path") == "$mode" ]] && return
  install -m "$mode" "$from" "$root$path.new.$$"
  mv "$root$path.new.$$" "$root$path"
}

place_text() {
  local text=$1 path=$2 mode=${3:-644} file
  file=$(mktemp)
  printf '%s\n' "$text" >"$file"
  place "$file" "$path" "$mode"
  rm -f "$file"
}

# The port of the page that was chosen, or that of the socket unit.
chosen_port() {
  local file="$root/etc/systemd/system/lacquer-web.socket.d/port.conf"
  [[ ! -r $file ]] || sed -n 's/^ListenStream=\([0-9][0-9]*\)$/\1/p' "$file"
}

place_port() {
  local folder=$1 port=$2
  place_text "[Socket]
ListenStream=
ListenStream=$port" /etc/systemd/system/lacquer-web.socket.d/port.conf
  place_text "$(sed "s|<port>[0-9]*</port>|<port>$port</port>|" "$folder/systemd/etc/avahi/services/lacquer.service")" /etc/avahi/services/lacquer.service
}

# The units and settings of release $1: where they lie below its folder systemd, and where they belong.
release_files() {
  (cd "$(home)/releases/$1/systemd" && {
    find . -maxdepth 1 -type f \( -name '*.service' -o -name '*.socket' -o -name '*.timer' -o -name '*.path' \) -printf '%P /etc/systemd/system/%P\n'
    find etc -type f -printf '%p /%p\n'
  } | sort)
}

# Takes away what the release that runs has put in place, and release $1 does not have.
drop_files() {
  local release=$1 former file path
  former=$(link_target current)
  [[ -n $former && -d $(home)/releases/$former ]] || return 0
  while read -r file path; do
    [[ -e $(home)/releases/$release/systemd/$file ]] && continue
    if [[ $path == /etc/systemd/system/* ]]; then
      systemctl ${root:+--root="$root"} disable --quiet "${path##*/}" 2>/dev/null || true
      ! is_live || systemctl stop --no-block "${path##*/}" 2>/dev/null || true
    fi
    rm -f "$root$path"
  done < <(release_files "$former")
}

# Puts the units, the settings and the commands of a release in place.
place_files() {
  local folder file path port
  folder="$(home)/releases/$1"
  drop_files "$1"
  while read -r file path; do place "$folder/systemd/$file" "$path"; done < <(release_files "$1")
  place_text '#!/bin/sh
exec node /opt/lacquer/current/dist/src/bin/cli.js "$@"' /usr/local/bin/lacquer 755
  place_text '#!/bin/sh
exec /opt/lacquer/current/systemd/update.sh "$@"' /usr/local/sbin/lacquer-update 755
  port=$(chosen_port)
  [[ -z $port ]] || place_port "$folder" "$port"
  if is_live; then systemctl daemon-reload; fi
}

# Makes release $1 the one that starts.
take_up() {
  place_files "$1"
  point current "$1"
}

# How often systemd has started box and page again.
restarts() { systemctl show -P NRestarts lacquer-box.service lacquer-web.service | tr -s '\n' ' '; }

# Starts what runs now, and watches it: ready in time, and no restart (by a crash or the watchdog) while it is watched.
is_healthy() {
  local before
  is_live || return 0
  say "Starting the box; it is watched for $watch_s s."
  # Starts of another release that failed must not put this one into safe mode.
  rm -f /var/lib/lacquer/starts /var/lib/lacquer/sim/starts
  timeout $((ready_s + 5)) systemctl restart lacquer-box.service || return 1
  # The port stays open: who calls in between waits, and is answered.
  systemctl start lacquer-web.socket && systemctl restart lacquer-web.service || return 1
  before=$(restarts)
  for ((second = 0; second < watch_s; second++)); do
    sleep 1
    [[ $(systemctl show -P ActiveState lacquer-box.service) == active ]] || return 1
    [[ $(restarts) == "$before" ]] || return 1
  done
}

logs="journalctl -u 'lacquer-*' says why."

# Goes back to release $1, however the trial of release $2 ended: a crash, Ctrl-C, a lost connection.
go_back() {
  # Whoever started this may be gone; what is said goes nowhere then, and the way back goes on.
  trap '' HUP INT TERM PIPE
  set +e
  warn "release $2 has not shown that it runs; back to $1."
  take_up "$1"
  [[ $(link_target previous) != "$2" ]] || unlink_release previous
  is_healthy || warn "release $1 does not run either: $logs"
  unlink_release fallback
  exit 1
}

# Switches to release $1 and keeps it if it is healthy; else goes back to the one that ran. A loss of power meanwhile is
# settled at the next start (lacquer-settle.service).
try_release() {
  local release=$1 former
  # A trial that was cut off has left the one that ran.
  former=$(link_target fallback)
  [[ -n $former ]] || former=$(link_target current)
  [[ -d $(home)/releases/$release ]] || die "there is no release $release."
  if [[ -z $former || $former == "$release" || ! -d $(home)/releases/$former ]]; then
    take_up "$release"
    is_healthy || die "release $release does not run: $logs"
    unlink_release fallback
    return
  fi
  point fallback "$former"
  # shellcheck disable=SC2064 # The names are those of now.
  trap "go_back '$former' '$release'" EXIT
  trap 'exit 1' HUP INT TERM
  take_up "$release"
  is_healthy || exit 1
  point previous "$former"
  trap - EXIT HUP INT TERM
  unlink_release fallback
  prune_releases
}

# After a loss of power in the middle of a trial: back to the release that ran. What starts is left to systemd.
settle_trial() {
  local former
  former=$(link_target fallback)
  [[ -n $former && -d $(home)/releases/$former ]] || return 0
  warn "the machine went down while release $(link_target current) was being tried; back to $former."
  [[ $(link_target previous) != "$(link_target current)" ]] || unlink_release previous
  take_up "$former"
  unlink_release fallback
}

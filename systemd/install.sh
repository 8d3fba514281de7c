#!/usr/bin/env bash
# Installs this release of Lacquer as a service, or updates to it. May be run again at any time.
set -euo pipefail
shopt -s inherit_errexit

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
source_folder=$(dirname "$here")
# shellcheck source=systemd/common.sh
. "$here/common.sh"

usage='Usage: sudo systemd/install.sh [--port N] [--hotspot COUNTRY] [--no-packages] [--watch SECONDS] [--root DIR]

  --port N           port of the page (80)
  --hotspot COUNTRY  open a Wi-Fi of its own where no known one is in reach; the country ("DE") sets the channels
  --no-packages      do not install Debian packages
  --watch SECONDS    time for which the new release is watched before it is kept (60)
  --root DIR         install into a folder, to look at the result or to build an image; starts nothing'

port=''
country=''
with_packages=1
while (($#)); do
  case $1 in
    --port | --hotspot | --watch | --root) (($# > 1)) || die "$1 needs a value." ;;&
    --port) [[ $2 =~ ^[1-9][0-9]{0,4}$ && $2 -le 65535 ]] || die "--port is \"$2\"; allowed 1 to 65535."; port=$2; shift 2 ;;
    --hotspot) [[ $2 =~ ^[A-Z][A-Z]$ ]] || die "--hotspot is \"$2\"; it takes a country as two capital letters."; country=$2; shift 2 ;;
    --watch) read_watch "$2"; shift 2 ;;
    --root) root=$(readlink -m "$2"); [[ $root != / ]] || root=''; shift 2 ;;
    --no-packages) with_packages=0; shift ;;
    --help | -h) say "$usage"; exit 0 ;;
    *) warn "there is no option $1."; say "$usage" >&2; exit 2 ;;
  esac
done

check_node() {
  local version
  version=$(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin node --version 2>/dev/null) || version=none
  if [[ $version =~ ^v([0-9]+)\.([0-9]+)\. ]] && ((BASH_REMATCH[1] > 20 || (BASH_REMATCH[1] == 20 && BASH_REMATCH[2] >= 19))); then
    return
  fi
  die "Node.js 20.19 or newer is needed in /usr/bin or /usr/local/bin; found: $version.
  Debian 13 (trixie):    apt install nodejs
  Debian 12 (bookworm):  curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt install nodejs"
}

check_build() {
  local file
  for file in dist/dsp.wasm dist/src/bin/box.js dist/src/bin/web.js dist/src/bin/cli.js dist/dashboard/index.html node_modules/ws/package.json; do
    [[ -e $source_folder/$file ]] || die "$source_folder/$file is missing: run npm ci && npm run build there first."
  done
}

# A port that another program has would be found out only when the page does not start.
check_port() {
  local wanted=${port:-$(chosen_port)} holders
  wanted=${wanted:-80}
  is_live || return 0
  holders=$(ss -Hltnp "sport = :$wanted")
  [[ -z $holders ]] && return
  [[ $(systemctl show -P ActiveState lacquer-web.socket) == active && $(systemctl show -P Listen lacquer-web.socket) == *":$wanted "* ]] && return
  die "port $wanted is taken by $(sed -n 's/.*users:(("\([^"]*\)".*/\1/p;q' <<<"$holders" | grep . || printf 'another program'): end it, or choose another port with --port N."
}

install_packages() {
  local packages=(alsa-utils avahi-daemon) missing=() package
  is_live && ((with_packages)) || return 0
  command -v apt-get >/dev/null || { warn "no apt here: see that libasound and avahi are installed."; return 0; }
  # Debian 13 renamed it for its 64-bit time.
  if apt-cache show libasound2t64 >/dev/null 2>&1; then packages+=(libasound2t64); else packages+=(libasound2); fi
  [[ -z $country ]] || packages+=(network-manager dnsmasq-base iw rfkill)
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "Installing ${missing[*]}."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    warn "apt could not install ${missing[*]}: run apt update, and this again."
}

# What a release is made of: the files that package.json names (of a pattern the folder that it begins with), and the
# packages that run, without those that build and test: the lock file knows which.
release_paths() {
  (cd "$source_folder" && node --input-type=commonjs --eval '
    const { existsSync, readFileSync } = require("node:fs");
    const read = (file) => JSON.parse(readFileSync(file, "utf8"));
    for (const path of read("package.json").files) console.log(path.replace(/[/][*].*$/, ""));
    for (const [path, { dev = false }] of Object.entries(read("package-lock.json").packages)) {
      // A package within a package comes along with it.
      if (/^node_modules[/](@[^/]+[/])?[^/]+$/.test(path) && !dev && existsSync(path)) console.log(path);
    }')
}

# Copies the release under a name that only a complete copy ever has; gives the name.
copy_release() {
  local new name path
  rm -rf "$(home)"/releases/.new-*
  new="$(home)/releases/.new-$$"
  mkdir -p "$new"
  cp "$source_folder"/{package.json,package-lock.json,LICENSE,README.md,CHANGELOG.md} "$new/"
  while IFS= read -r path; do
    mkdir -p "$new/$(dirname "$path")"
    cp -RH "$source_folder/$path" "$new/$path"
  done < <(release_paths)
  # Of what is compiled the types and the maps; the page needs every file that it has.
  find "$new"/dist/{src,hw} -type f ! -name '*.js' -delete
  chmod -R u=rwX,go=rX "$new"
  find "$new" -name '*.sh' -exec chmod 755 {} +
  name="$(node -p 'require(process.argv[1]).version' "$new/package.json")-$(cd "$new" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-8)"
  if [[ -d $(home)/releases/$name ]]; then
    rm -rf "$new"
    touch "$(home)/releases/$name"
  else
    mv "$new" "$(home)/releases/$name"
  fi
  settle
  printf '%s' "$name"
}

# The users come from sysusers.d; whoever installs may speak to the box.
make_users() {
  systemd-sysusers ${root:+--root="$root"} lacquer.conf 2>/dev/null || die "the user lacquer could not be made: run systemd-sysusers lacquer.conf to see why."
  if is_live && [[ -n ${SUDO_USER:-} && $SUDO_USER != root ]]; then usermod -aG lacquer "$SUDO_USER"; fi
}

apply_settings() {
  is_live || return 0
  udevadm control --reload || true
  udevadm trigger --subsystem-match=sound --subsystem-match=gpio --subsystem-match=i2c-dev --subsystem-match=input || true
  sysctl --quiet --load=/etc/sysctl.d/60-lacquer.conf || true
}

# Random, without the letters and digits that are taken for each other.
new_key() {
  local key=''
  while ((${#key} < 12)); do key+=$(head -c 64 /dev/urandom | tr -dc 'abcdefghjkmnpqrstuvwxyz23456789'); done
  printf '%s' "${key:0:12}"
}

place_hotspot() {
  local profile=/etc/NetworkManager/system-connections/lacquer-hotspot.nmconnection suffix
  [[ -n $country ]] || return 0
  if [[ ! -e $root$profile ]]; then
    suffix=$(tr -dc '0-9a-f' <"$root/etc/machine-id" 2>/dev/null | tail -c 4)
    place_text "$(sed "s/@SUFFIX@/${suffix:-box}/; s/@KEY@/$(new_key)/; s/@UUID@/$(cat /proc/sys/kernel/random/uuid)/" "$here/hotspot.nmconnection")" "$profile" 600
  fi
  place_text "LACQUER_COUNTRY=$country" /etc/default/lacquer-hotspot
  systemctl ${root:+--root="$root"} enable --quiet lacquer-hotspot.timer
  if is_live; then
    nmcli connection reload || true
    systemctl start lacquer-hotspot.timer
  fi
}

show_hotspot() {
  local profile="$root/etc/NetworkManager/system-connections/lacquer-hotspot.nmconnection"
  [[ -r $profile ]] || return 0
  say "Hotspot, where no known Wi-Fi is in reach: $(sed -n 's/^ssid=//p' "$profile"), key $(sed -n 's/^psk=//p' "$profile")"
}

need_root
check_node
check_build
check_port
lock
install_packages
mkdir -p "$(home)/releases"
release=$(copy_release)
say "Release $release is in $(home)/releases."
if [[ -n $port && $port != "$(chosen_port)" ]]; then
  place_port "$source_folder" "$port"
  # systemd closes a port in its own time.
  if is_live && systemctl stop lacquer-web.service lacquer-web.socket 2>/dev/null; then sleep 1; fi
fi
place_files "$release"
make_users
apply_settings
place_hotspot
systemctl ${root:+--root="$root"} enable --quiet lacquer-settle.service lacquer-tune.service lacquer-box.service lacquer-poweroff.path lacquer-web.socket lacquer-web.service
try_release "$release"
show_hotspot
if is_live; then
  say "Installed. Restart the machine once: the journal in memory and the hardware's watchdog begin then."
  /usr/local/bin/lacquer doctor || true
fi

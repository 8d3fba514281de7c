#!/usr/bin/env bash
# Goes to a new release, or back to the one before; --settle ends a trial that a loss of power cut off. The box is silent for about a second; the relay passes the sound meanwhile.
set -euo pipefail
shopt -s inherit_errexit

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=systemd/common.sh
. "$here/common.sh"

usage='Usage: sudo lacquer-update FOLDER [options of install.sh]   install the built release in FOLDER
       sudo lacquer-update --rollback                      back to the release before
       lacquer-update --list                               the releases that are kept'

action=''
folder=''
rest=()
while (($#)); do
  case $1 in
    --rollback | --list | --settle) action=${1#--}; shift ;;
    --root | --watch | --port | --hotspot) (($# > 1)) || die "$1 needs a value."
      rest+=("$1" "$2")
      case $1 in
        --root) root=$(readlink -m "$2"); [[ $root != / ]] || root='' ;;
        --watch) read_watch "$2" ;;
      esac
      shift 2 ;;
    --help | -h) say "$usage"; exit 0 ;;
    -*) rest+=("$1"); shift ;;
    *) if [[ -z $folder && -z $action ]]; then folder=$1; else rest+=("$1"); fi; shift ;;
  esac
done

case $action in
  list)
    for release in "$(home)"/releases/*/; do
      release=$(basename "$release")
      mark=' '
      [[ $release != "$(link_target previous)" ]] || mark='-'
      [[ $release != "$(link_target current)" ]] || mark='*'
      say "$mark $release"
    done
    ;;
  settle)
    need_root
    lock
    settle_trial
    ;;
  rollback)
    need_root
    lock
    previous=$(link_target previous)
    [[ -n $previous && -d $(home)/releases/$previous ]] || die "there is no release to go back to."
    try_release "$previous"
    say "Release $previous runs."
    ;;
  *)
    [[ -n $folder ]] || { say "$usage" >&2; exit 2; }
    [[ -x $folder/systemd/install.sh ]] || die "$folder holds no release of Lacquer: it has no systemd/install.sh."
    exec "$folder/systemd/install.sh" "${rest[@]}"
    ;;
esac

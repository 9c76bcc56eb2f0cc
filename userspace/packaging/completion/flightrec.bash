# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion for bash. What there is to complete, the command itself is asked: what it
# says with --help. So there is nothing to be added here for a new command or option, but
# an option's values are known if the help has them in small letters: --format text|json.

# _flightrec_values HELP OPTION: what the help says to be behind the option
_flightrec_values()
{
	sed -nE "s/^ *(.*, )?$2(, --[a-z-]+)? ([^ ]+).*/\3/p" <<<"$1"
}

_flightrec_options()
{
	{
		awk '/^ +-/ { for (i = 1; $i ~ /^-/; i++) { sub("(\\[=.*)?,?$", "", $i); print $i } }' <<<"$1"
		echo --help
	} | sort -u
}

_flightrec()
{
	local flightrec=$1 current=$2 previous=$3 help values
	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		values=$("$flightrec" --help | sed -nE 's/^  ([a-z-]+) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
		return
	fi
	help=$("$flightrec" "${COMP_WORDS[1]}" --help 2>/dev/null) || return
	[[ $previous != -* ]] || values=$(_flightrec_values "$help" "$previous")
	case $values,$current in
	FILE,*) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	[a-z]*) mapfile -t COMPREPLY < <(compgen -W "${values//|/ }" -- "$current") ;;
	[A-Z]*) ;; # a time, a size, a name: nobody knows
	*,-*)
		values=$(_flightrec_options "$help")
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
		;;
	*)
		# NAME= of a parameter, or the snapshot that the usage line has
		values=$(sed -nE 's/^  ([a-z_]+=).*/\1/p' <<<"$help")
		if [ -n "$values" ]; then
			mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
			compopt -o nospace 2>/dev/null
		elif sed -n '1s/\[[^]]*\]//gp' <<<"$help" | grep -qw FILE; then
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
		fi
		;;
	esac
}

complete -o filenames -F _flightrec flightrec

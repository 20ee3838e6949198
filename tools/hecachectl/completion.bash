# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of hecachectl's arguments in bash; clients are those there now.

_hecachectl_clients()
{
	hecachectl --json show 2>/dev/null | grep -o '"id":[0-9]*' | cut -d: -f2
}

# The command among the words before the cursor, and how many words follow it.
_hecachectl_command()
{
	local i
	command='' after=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*) ;;
		*)
			if [ -n "$command" ]; then
				after=$((after + 1))
			else
				command=${COMP_WORDS[i]}
			fi
			;;
		esac
	done
}

_hecachectl()
{
	local word=${COMP_WORDS[COMP_CWORD]} command after words=
	_hecachectl_command
	case $command in
	'') words='show set freeze thaw flush reset resize tax admission admit
		dismiss abandon monitor
		--json --root= --help --version' ;;
	show) words="$(_hecachectl_clients) --json" ;;
	set | admit)
		if [ "$after" = 0 ]; then
			words="all $(_hecachectl_clients)"
			[ "$command" = set ] || words=${words#all}
		else
			words='guaranteed= max= max=none weight= pools=
				policy=s3fifo policy=lru policy=arc'
			compopt -o nospace 2>/dev/null
		fi
		;;
	admission) [ "$after" != 0 ] || words='open named' ;;
	abandon) [ "$after" != 0 ] || words='yes no' ;;
	freeze | thaw | flush | reset)
		[ "$after" != 0 ] || words="all $(_hecachectl_clients)" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

# "=" does not end a word here.
COMP_WORDBREAKS=${COMP_WORDBREAKS//=/}
complete -F _hecachectl hecachectl

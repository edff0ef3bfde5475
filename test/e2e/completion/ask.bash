# Asks the completion of bash about a line, whose words are given as readline splits them.
source <(gomodcache completion bash)
# Only while readline completes may the real one be called.
compopt() { printf 'compopt %s\n' "$*"; }
COMP_LINE=$1 COMP_POINT=${#1}
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_gomodcache "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" ""
printf '%s\n' "${COMPREPLY[@]}"

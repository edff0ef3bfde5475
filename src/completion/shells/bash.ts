// Completion for bash, from 3.2 on (that of macOS): no mapfile, and compopt only where there is one.

/** For ~/.bashrc, or a file of bash-completion. */
export const bash = `# bash completion for gomodcache. Load it with: source <(gomodcache completion bash)
_gomodcache() {
  local at before word line kind="" glued=0 kept="" tail=\${COMP_WORDS[COMP_CWORD]} init=0
  local -a words=()
  COMPREPLY=()
  # Bash has split words at = and : (COMP_WORDBREAKS), and replaces only what follows: here they are whole again.
  for ((at = 1; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ \${#words[@]} -gt 0 && ( $word == [=:] || $glued == 1 && -n $word ) ]]; then
      before=$((\${#words[@]} - 1))
      if ((at == COMP_CWORD)); then kept=\${words[before]}; fi
      words[before]+=$word
    else
      words+=("$word")
    fi
    glued=0
    if [[ $word == [=:] ]]; then glued=1; fi
  done
  if [[ $glued == 1 ]]; then
    kept=\${words[\${#words[@]} - 1]}
    tail=""
  elif [[ -z $tail && $COMP_CWORD -gt 0 && \${COMP_WORDS[COMP_CWORD - 1]} == [=:] && \${COMP_LINE:0:COMP_POINT} == *[=:] ]]; then
    unset "words[\${#words[@]} - 1]"
    kept=\${words[\${#words[@]} - 1]}
  fi
  if [[ \${1##*/} == gomodcache-init ]]; then
    init=1
    words=(init "\${words[@]}")
  fi
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=$line
    else
      word=\${line%%$'\\t'*}
      COMPREPLY+=("\${word#"$kept"}")
    fi
  done < <(command gomodcache complete -- "\${words[@]}" 2>/dev/null)
  case $kind in
    files) __gomodcache_native default -f ;;
    directories) __gomodcache_native dirnames -d ;;
    users) __gomodcache_words -u ;;
    groups) __gomodcache_words -g ;;
    command*)
      at=$((\${kind#command } + 1 - init))
      if ((at >= COMP_CWORD)); then
        __gomodcache_words -c
      elif declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$at"
      elif declare -F _command_offset >/dev/null; then
        _command_offset "$at"
      else
        __gomodcache_native default -f
      fi
      ;;
  esac
}
# Readline's own completion knows quotes and ~; where it cannot be asked for, compgen does.
__gomodcache_native() {
  compopt -o "$1" 2>/dev/null || __gomodcache_words "$2"
}
__gomodcache_words() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$1" -- "$tail")
}
complete -F _gomodcache gomodcache gomodcache-init
`;

# Types each line and a Tab at a real interactive zsh, and prints what becomes of the line.
setopt extendedglob
zmodload zsh/zpty
zpty -b shell zsh -f -i
seen=
await() { until [[ $seen == *$~1* ]]; do zpty -rt shell chunk && seen+=$chunk || sleep 0.05; done }
# ^U empties the line, ^X shows it. Quotes in the words that are waited for keep their echo from being taken for them.
zpty -w shell 'autoload -Uz compinit; compinit -D -u; source <(gomodcache completion zsh); zle -N show; show() { print -r -- "=>""$BUFFER""<=" }; bindkey "^X" show; print rea""dy'
await 'ready'
for line; do
  seen=
  zpty -w -n shell $'\x15'"$line"$'\t\x18'
  await '=>[^"]#<='
  [[ $seen =~ '=>([^"]*)<=' ]] && print -r -- "$match[1]"
done
zpty -d shell

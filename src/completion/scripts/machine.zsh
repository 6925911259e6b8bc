#compdef machine docker-machine
# zsh completion of machine and docker-machine; load it with:  eval "$(machine completion zsh)"
_machine() {
  local program=${${(Q)words[1]}/#\~/$HOME} line text directive=0
  local -a typed lines entries
  (( $+commands[$program] )) || [[ -x $program ]] || program=machine
  (( CURRENT > 2 )) && typed=("${(@Q)words[2,CURRENT-1]}")
  lines=("${(@f)$("$program" __complete "${typed[@]}" "${(Q)PREFIX}" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    if [[ $line == :<-> ]]; then directive=${line#:}; continue; fi
    [[ -n $line ]] || continue
    text=${line%%$'\t'*}
    text=${text//\\/\\\\}
    text=${text//:/\\:}
    if [[ $line == *$'\t'* ]]; then entries+=("$text:${line#*$'\t'}"); else entries+=("$text"); fi
  done
  local found=1
  if (( $#entries )); then
    if (( directive & 2 )); then _describe -t words word entries -S '' && found=0
    else _describe -t words word entries && found=0; fi
  fi
  # What follows --flag= is a path of its own.
  if (( directive & 16 )); then compset -P '--*='; _files -/ && found=0
  elif (( ! (directive & 4) )); then compset -P '--*='; _files && found=0; fi
  return found
}
if [[ ${funcstack[1]} == _machine ]]; then
  _machine "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _machine machine docker-machine
fi

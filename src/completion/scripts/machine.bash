# bash completion of machine and docker-machine; load it with:  eval "$(machine completion bash)"
_machine() {
  local program=${COMP_WORDS[0]/#\~/$HOME} rest=${COMP_LINE:0:COMP_POINT} words=() n=-1 i word trimmed
  # bash parts words at = : and @ too: what stood together on the line is put together again.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=${rest#"${rest%%[![:space:]]*}"}
    word=${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && word=$trimmed
    if ((i > 0)) && [[ $trimmed == "$rest" ]]; then words[n]+=$word; else words[++n]=$word; fi
    rest=${trimmed#"$word"}
  done
  local current=${words[n]} quote='' directive=0 line texts=() text
  case $current in [\"\']*) quote=${current:0:1} ;; esac
  # Quoting is taken off without evaluating anything.
  for ((i = 1; i <= n; i++)); do word=${words[i]//[\"\']/}; words[i]=${word//\\/}; done
  current=${words[n]}
  type -P -- "$program" >/dev/null || program=machine
  while IFS= read -r line; do
    case $line in
      :[0-9]*) directive=${line#:} ;;
      ?*) texts+=("${line%%$'\t'*}") ;;
    esac
  done < <("$program" __complete "${words[@]:1}" 2>/dev/null)
  # Only what follows the last of those characters is replaced by bash.
  local breaks='' char
  for char in = : @; do [[ $COMP_WORDBREAKS == *$char* ]] && breaks+=$char; done
  local kept=''
  [[ -n $breaks && -z $quote ]] && kept=${current%"${current##*[$breaks]}"}
  COMPREPLY=()
  for text in "${texts[@]+"${texts[@]}"}"; do
    text=${text#"$kept"}
    case $quote in
      '') printf -v text %q "$text" ;;
      \") text=${text//\\/\\\\} text=${text//\"/\\\"} text=${text//\$/\\\$} text=${text//\`/\\\`} ;;
    esac
    COMPREPLY+=("$text")
  done
  if type compopt >/dev/null 2>&1; then
    ((directive & 2)) && compopt -o nospace
    ((directive & 16)) && compopt -o dirnames
    ((directive & 20)) || compopt -o default
  elif ((${#COMPREPLY[@]} == 0 && !(directive & 4))); then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${current#"$kept"}")
  fi
  return 0
}
complete -F _machine machine docker-machine

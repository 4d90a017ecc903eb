# Completion of alembic-manage and of manage.py for zsh; after compinit.

# Whether a file is a manage.py of alembic-manage: no other is ever run.
_alembic_manage_owns() { [[ -f $1 ]] && grep -q alembic_manage -- "$1" 2>/dev/null }

# $1: how many words are the program.
_alembic_manage_reply() {
    local -a program found
    local line
    program=("${(@)words[1,$1]}")
    program[1]=${~program[1]}
    for line in "${(@f)$("${program[@]}" completion zsh --words "${(@)words[$1+1,CURRENT]}" 2>/dev/null </dev/null)}"; do
        [[ -n $line ]] && found+=("${${line%%$'\t'*}//:/\\:}${${(M)line#*$'\t'}:+:}${line#*$'\t'}")
    done
    if (( $#found )); then _describe -V alembic-manage found; else _files; fi
}

_alembic_manage() {
    if [[ $words[1] == *.py ]] && ! _alembic_manage_owns ${~words[1]}; then _files; return; fi
    _alembic_manage_reply 1
}

# python manage.py ..., python -m alembic_manage ...; anything else goes where it went before.
_alembic_manage_python() {
    if (( CURRENT > 2 )) && _alembic_manage_owns ${~words[2]}; then
        _alembic_manage_reply 2
    elif (( CURRENT > 3 )) && [[ $words[2] == -m && $words[3] == alembic_manage ]]; then
        _alembic_manage_reply 3
    else
        _python
    fi
}

compdef _alembic_manage alembic-manage manage.py
compdef _alembic_manage_python python python3
compdef -P _alembic_manage_python '*python[0-9.]#'

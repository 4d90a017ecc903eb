# Completion of alembic-manage and of manage.py for bash.

# The words that can come next, each with a tab and what it is behind it. $1: how many of COMP_WORDS are the program.
_alembic_manage_words() {
    local -a words=("${COMP_WORDS[@]:0:COMP_CWORD+1}")
    local -a program=("${words[@]:0:$1}")
    program[0]=${program[0]/#\~/$HOME}
    "${program[@]}" completion bash --words "${words[@]:$1}" 2>/dev/null </dev/null
}

# Whether a file is a manage.py of alembic-manage: no other is ever run.
_alembic_manage_owns() { [[ -f $1 ]] && grep -q alembic_manage -- "$1" 2>/dev/null; }

# $1: how many words are the program.
_alembic_manage_reply() {
    COMPREPLY=()
    local line
    while IFS= read -r line; do
        COMPREPLY+=("${line%%$'\t'*}")
    done < <(_alembic_manage_words "$1")
}

_alembic_manage() {
    local file=${COMP_WORDS[0]/#\~/$HOME}
    if [[ $file == *.py ]] && ! _alembic_manage_owns "$file"; then COMPREPLY=(); return; fi
    _alembic_manage_reply 1
}

# python manage.py ..., python -m alembic_manage ...; anything else goes where it went before.
_alembic_manage_python() {
    if ((COMP_CWORD > 1)) && _alembic_manage_owns "${COMP_WORDS[1]/#\~/$HOME}"; then
        _alembic_manage_reply 2
    elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[1]} == -m && ${COMP_WORDS[2]} == alembic_manage ]]; then
        _alembic_manage_reply 3
    else
        _alembic_manage_others "$@"
    fi
}

# What else completes python: bash-completion brings it when it is first needed, and puts it in our place.
_alembic_manage_others() {
    if [[ -z ${_alembic_manage_former+set} ]]; then
        _alembic_manage_former=""
        local loader former
        for loader in _comp_load _completion_loader; do
            if declare -F "$loader" >/dev/null; then "$loader" python; break; fi
        done
        former=$(complete -p python 2>/dev/null)
        former=${former#* -F }
        former=${former%% *}
        if [[ $former != _alembic_manage_python ]] && declare -F "$former" >/dev/null; then
            _alembic_manage_former=$former
        fi
        _alembic_manage_register
    fi
    COMPREPLY=()
    if [[ -n $_alembic_manage_former ]]; then "$_alembic_manage_former" "$@"; fi
}

_alembic_manage_register() {
    complete -o default -F _alembic_manage alembic-manage manage.py
    complete -o default -F _alembic_manage_python python python3 python3.{11..15}
}
_alembic_manage_register

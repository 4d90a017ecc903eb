# Completion of alembic-manage and of manage.py for fish.

# How many words are the program; nothing where it is another one. No manage.py of others is ever run.
function __alembic_manage_program
    set -l words (commandline -opc)
    switch (path basename -- $words[1])
        case alembic-manage
            echo 1
        case manage.py
            __alembic_manage_owns $words[1]; and echo 1
        case 'python*'
            if test (count $words) -ge 2; and __alembic_manage_owns $words[2]
                echo 2
            else if test "$words[2..3]" = "-m alembic_manage"
                echo 3
            end
    end
end

function __alembic_manage_owns
    test -f "$argv[1]"; and grep -q alembic_manage -- $argv[1] 2>/dev/null
end

function __alembic_manage_words
    set -l count (__alembic_manage_program)
    set -l words (commandline -opc)
    set -l program $words[1..$count]
    $program completion fish --words $words[(math $count + 1)..-1] (commandline -ct) 2>/dev/null </dev/null
end

for program in alembic-manage manage.py python python3
    complete -c $program -n 'test -n "$(__alembic_manage_program)"' -k -f -a '(__alembic_manage_words)'
end

# The commands of ./gyre that run tests: test, sim, fuzz, trial and mutants. Read by ./gyre, whose
# functions they use.

test_usage() {
    cat <<'END'
Usage: ./gyre test [NAME...] [OPTIONS OF MAVEN]

Runs all tests and checks: some ten minutes on two cores. Or only the tests that are named, without
the other checks: NAME is a class, or one test of it, as in TimersTest#NAME; * stands for any letters.
The tests that run under both mechanisms of coroutines are run under both. What begins with - goes to
Maven. The exit status is that of Maven: 0 if all is well.
END
}

# Runs all tests and checks, or the tests that are named.
run_test() {
    tests=
    modules=
    has_coroutines=
    is_value=
    for word; do
        shift
        if [ -n "$is_value" ]; then
            is_value=
            set -- "$@" "$word"
            continue
        fi
        case $word in
            -h | --help)
                test_usage
                exit 0
                ;;
            # The options of Maven whose value is a word of its own.
            -b | -D | -f | -gs | -gt | -l | -P | -pl | -rf | -s | -t | -T | --builder | --color | \
                --define | --file | --global-settings | --global-toolchains | --log-file | \
                --activate-profiles | --projects | --resume-from | --settings | --toolchains | \
                --threads)
                is_value=true
                set -- "$@" "$word"
                ;;
            -*) set -- "$@" "$word" ;;
            *) add_test "$word" ;;
        esac
    done
    find_jdk
    cd "$home"
    if [ -z "$tests" ]; then
        run_tests verify -T 2 "$@"
    else
        if [ -z "$has_coroutines" ]; then
            set -- -Dgyre.baton.skip=true "$@"
        fi
        run_tests test -pl "$modules" -am -Dtest="$tests" -Dsurefire.failIfNoSpecifiedTests=false "$@"
    fi
}

# Adds what $1 names to `tests`, and its modules to `modules`, or fails if it names no test. Sets
# `has_coroutines` unless it is a test of the sources alone.
add_test() {
    class=${1%%[.#]*}
    method=${1#"$class"}
    method=${method#?}
    sources=$(cd "$home" && find gyre-*/src/test/java -name "*Test.java")
    files=$(echo "$sources" | grep "/$(as_pattern "$class")\.java$") ||
        fail 2 "no test '$class'$(class_names "$sources" | near "$class") (see ./gyre test --help)"
    if [ -n "$method" ]; then
        # A class may have tests that another one declares, which it extends.
        (cd "$home" && grep -Eq " $(as_pattern "$method")\(|^(final |abstract )*class .* extends " $files) ||
            fail 2 "no test '$method' in $class$(cd "$home" && test_names $files | near "$method")"
    fi
    tests=$tests${tests:+,}$class${method:+#$method}
    for file in $files; do
        module=${file%%/*}
        case $file in
            */verify/structure/*) ;;
            gyre-verify/*) has_coroutines=true ;;
        esac
        is_among "$module" "$(echo "$modules" | tr , ' ')" || modules=$modules${modules:+,}$module
    done
}

# Prints a regular expression for the name $1, in which * stands for any letters.
as_pattern() {
    printf '%s' "$1" | sed 's/[^A-Za-z0-9_*]/[&]/g; s/\*/[A-Za-z0-9_]*/g'
}

# Prints the names of the classes in the files $1.
class_names() {
    echo "$1" | sed 's|.*/||; s|\.java$||'
}

# Prints the names of what may be tests in the given files.
test_names() {
    sed -n 's/^    \(public \)\{0,1\}void \([A-Za-z0-9_]*\)(.*/\2/p' "$@"
}

# Runs Maven, then tells which tests were skipped, and exits as Maven has. Maven stays in the
# foreground: what a shell starts in the background ignores Ctrl-C, and so would the tests.
run_tests() {
    mkdir -p target
    runs=$(mktemp -d target/tests.XXXXXX)
    mkfifo "$runs/life"
    # A shell that waits for a program hears of no signal. So this companion ends Maven if the shell
    # is ended, whose end of the pipe is then closed before `over` was written.
    {
        read -r _ <"$runs/life" || kill -TERM "$(cat "$runs/pid")"
        rm -rf "$runs"
    } >/dev/null 2>&1 &
    exec 3>"$runs/life"
    : >"$runs/began"
    # Ctrl-C ends Maven; this shell waits for its end.
    trap : INT
    status=0
    sh -c 'echo $$ >"$0/pid" && exec ./mvnw "$@"' "$runs" "$@" 3>&- || status=$?
    tell_skipped
    echo over >&3
    exit "$status"
}

# Names the skipped tests in the reports that Maven has written, with the reasons: each test once, with
# its count if it is more than one, as when the test is skipped under both mechanisms of coroutines.
tell_skipped() {
    find gyre-*/target/surefire-reports* -name 'TEST-*.xml' -newer "$runs/began" \
        -exec cat {} + 2>/dev/null | awk '
        function plain(text) {
            gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&#10;.*/, "", text)
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        function value(name) {
            return match($0, " " name "=\"[^\"]*\"") \
                ? plain(substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)) : ""
        }
        /<testsuite / { suites++ }
        /<testcase / {
            test = value("classname"); sub(/.*\./, "", test)
            # A class that is skipped as a whole has no test: its name is made up by Surefire.
            if (value("name") !~ /^(initializationError)?$/) { test = test "." value("name") }
        }
        /<skipped/ {
            why = value("message")
            if (why == "" && match($0, /CDATA\[[^\]]*/)) {
                why = substr($0, RSTART + 6, RLENGTH - 6); sub(/^[A-Za-z0-9_.]*: /, "", why)
            }
            sub(/^Assumption failed: /, "", why)
            skipped++
            times[test ": " (why == "" ? "no reason given" : why)]++
        }
        END {
            if (suites > 0) {
                printf "gyre: %s skipped\n", (skipped == 1 ? "1 test was" : \
                    (skipped > 0 ? skipped " tests were" : "no tests were"))
                # The line above is written before sort writes its lines.
                system("")
            }
            for (each in times) {
                line = "  " each (times[each] > 1 ? " (" times[each] " times)" : "")
                print line | "sort"
            }
        }'
}

sim_usage() {
    cat <<END
Usage: ./gyre sim [--seeds N] [--minutes M] [TEST]
       ./gyre sim --seed S [TEST]

Runs the simulations of a test, or all, under both mechanisms of coroutines, each with N seeds, which
are 2000 unless given, or as many as M minutes are enough for, which are 60; or with the seed S alone.
TEST is a class, or one test of it as in ReconnectTest.NAME. The exit status is 1 if one has failed.
The classes:

$(for name in $names; do echo "  $name"; done)
END
}

# Fails unless $2, given for the option $1 of sim, is a number that it can take.
check_range() {
    case $1 in
        --seeds) check_digits "$1" "$2" 1 1000000000 ;;
        --minutes) check_digits "$1" "$2" 1 360 ;;
        --seed) check_digits "$1" "$2" 0 1000000000 ;;
    esac
}

check_digits() { # <option> <number> <least> <most>
    case $2 in
        '' | 0?* | *[!0-9]* | ???????????*) ;;
        *) [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ] || return 0 ;;
    esac
    fail 2 "$1 needs a number from $3 to $4, not '$2'"
}

# Fails unless the simulation that $test names, if any, exists; leaves its file in `sources`, and sets
# `method` if $test names one test of it.
check_simulation() {
    method=
    [ -n "$test" ] || return 0
    class=${test%%[.#]*}
    is_among "$class" "$names" ||
        fail 2 "no simulation '$class'$(echo "$names" | near "$class") (see ./gyre sim --help)"
    sources=$(echo "$sources" | grep "/$class.java$")
    [ "$class" != "$test" ] || return 0
    method=${test#*[.#]}
    grep -A 1 '^    @SimTest' "$home/$sources" | grep -Fq " $method(" ||
        fail 2 "no simulation '$method' in $class$(test_names "$home/$sources" | near "$method")"
}

# Runs the tests in simulation, under both mechanisms of coroutines.
run_sim() {
    # Simulations in a nested class are samples for the tests of @SimTest itself.
    sources=$(cd "$home" && find gyre-verify/src/test/java gyre-examples/src/test/java \
        -name '*Test.java' -exec grep -l '^    @SimTest' {} + | sort)
    names=$(echo "$sources" | sed 's|.*/||; s|\.java$||')
    seeds=
    minutes=
    seed=
    test=
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                sim_usage
                exit 0
                ;;
            --seeds | --minutes | --seed)
                check_range "$1" "${2:-}"
                case $1 in
                    --seeds) once "$1" "$seeds" && seeds=$2 ;;
                    --minutes) once "$1" "$minutes" && minutes=$2 ;;
                    --seed) once "$1" "$seed" && seed=$2 ;;
                esac
                shift
                ;;
            -*) fail 2 "sim knows --seeds, --minutes and --seed, not '$1'" ;;
            *)
                [ -z "$test" ] || fail 2 "sim runs one test or all, not '$test' and '$1'"
                test=$1
                ;;
        esac
        shift
    done
    [ -z "$seed" ] || [ -z "$seeds$minutes" ] ||
        fail 2 "sim runs one --seed, or many with --seeds or --minutes, not both"
    check_simulation
    if [ -n "$seed" ]; then
        set -- "-Dgyre.sim.seed=$seed"
    else
        set -- "-Dgyre.sim.seeds=${seeds:-2000}" "-Dgyre.sim.minutes=${minutes:-60}"
    fi
    for file in $sources; do
        set -- "$@" "$(echo "${file#*/java/}" | sed 's|\.java$||; s|/|.|g')${method:+#$method}"
    done
    compile_tests
    run_tests_with Simulating "$@"
}

# Fails unless $2, given for the option $1, is a whole number above 0 that makes sense as a time.
check_number() {
    case $2 in
        '' | 0* | *[!0-9]* | ??????*) fail 2 "$1 needs a number from 1 to 99999, as in $1 10" ;;
    esac
}

# Sets `seconds` to what $2 says, given for the option $1, --minutes or --seconds.
read_time() {
    check_number "$1" "$2"
    [ -z "$seconds" ] || fail 2 "the time is given twice: one --minutes or one --seconds is enough"
    seconds=$2
    [ "$1" = --seconds ] || seconds=$((seconds * 60))
}

# Fails if $1 is one of the words $2, which were named before.
named_once() {
    ! is_among "$1" "$2" || fail 2 "$1 is named twice"
}

# Succeeds if $1 is one of the words $2.
is_among() {
    for each in $2; do
        [ "$each" != "$1" ] || return 0
    done
    return 1
}

# Compiles the tests if need be, and sets `class_path` to what they run with.
compile_tests() {
    find_jdk
    cd "$home"
    echo "gyre: looking whether the tests must be compiled" >&2
    ./mvnw -q -pl gyre-verify,gyre-examples -am test-compile dependency:build-classpath \
        -Dmdep.includeScope=test -Dmdep.outputFile=target/test-classpath >&2 ||
        fail 1 "the build failed, see above"
    class_path=
    for part in gyre-verify gyre-examples; do
        class_path=$class_path$home/$part/target/test-classes:$home/$part/target/classes:
        class_path=$class_path$(cat "$part/target/test-classpath"):
    done
    class_path=${class_path%:}
}

# Becomes the program $1 of the tests; what follows are its arguments.
run_tests_with() {
    program=$1
    shift
    columns=0
    if [ -t 1 ]; then
        columns=$(stty size <&1 2>/dev/null) && columns=${columns#* } || columns=80
    fi
    exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -Dgyre.columns="$columns" -cp "$class_path" "dev.gyre.verify.launch.$program" "$home" "$@"
}

fuzz_usage() {
    cat <<END
Usage: ./gyre fuzz [--minutes M | --seconds S] [TARGET...]

Fuzzes the targets, or all, each for that time, which is a minute unless given, and as many at once
as there are processors. The exit status is 1 if one has failed. The targets:

$(for target in $names; do echo "  $target"; done)
END
}

# Fuzzes the targets that are named, or all, each for the same time.
run_fuzz() {
    sources=$(cd "$home" && find gyre-*/src/test/java -name '*FuzzTest.java' | sort)
    names=$(echo "$sources" | sed 's|.*/||; s|FuzzTest.java$||')
    seconds=
    targets=
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                fuzz_usage
                exit 0
                ;;
            --minutes | --seconds)
                read_time "$1" "${2:-}"
                shift
                ;;
            -*) fail 2 "fuzz knows --minutes and --seconds, not '$1'" ;;
            *)
                is_among "$1" "$names" ||
                    fail 2 "no target '$1' to fuzz$(echo "$names" | near "$1") (see ./gyre fuzz --help)"
                named_once "$1" "$targets"
                targets="$targets $1"
                ;;
        esac
        shift
    done
    set --
    for target in ${targets:-$names}; do
        # As in gyre-verify:dev.gyre.verify.fuzz.PemFuzzTest
        set -- "$@" "$(echo "$sources" | grep "/${target}FuzzTest.java$" |
            sed 's|/src/test/java/|:|; s|\.java$||; s|/|.|g')"
    done
    compile_tests
    run_tests_with Fuzzing "${seconds:-60}" "$@"
}

trial_usage() {
    cat <<END
Usage: ./gyre trial [--minutes M | --seconds S] [NAME...]

Puts a loop under what once stopped one for ever, each trial for that time, which is 20 seconds
unless given, under both mechanisms of coroutines. The exit status is 1 if one has failed.

  traces      another thread takes stack traces of whatever runs
  memory      another thread fills the heap once a second
  overflows   tasks use up their stack within an await
  processors  forty threads compute, while the loop is watched closely
END
}

# Runs the trials that are named, or all.
run_trial() {
    names="traces memory overflows processors"
    seconds=
    trials=
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                trial_usage
                exit 0
                ;;
            --minutes | --seconds)
                read_time "$1" "${2:-}"
                shift
                ;;
            -*) fail 2 "trial knows --minutes and --seconds, not '$1'" ;;
            *)
                is_among "$1" "$names" ||
                    fail 2 "no trial '$1'$(echo "$names" | tr ' ' '\n' | near "$1") (see ./gyre trial --help)"
                named_once "$1" "$trials"
                trials="$trials $1"
                ;;
        esac
        shift
    done
    compile_tests
    # The names of trials have no blanks in them.
    # shellcheck disable=SC2086
    run_tests_with Trials "${seconds:-20}" ${trials:-$names}
}

mutants_usage() {
    cat <<END
Usage: ./gyre mutants [NAME...]

Plants the faults that are named, or all, in the core, each alone, has the simulation and the unit
test run that must find it, and prints a table of who did. The exit status is 1 if one of them did
not. The faults:

$(for name in $names; do
        echo "  $name: $(head -n 1 "$home/gyre-verify/src/mutants/$name.patch")"
    done)
END
}

# Plants the faults that are named, or all.
run_mutants() {
    names=$(cd "$home/gyre-verify/src/mutants" && for file in *.patch; do echo "${file%.patch}"; done)
    faults=
    for name; do
        case $name in
            -h | --help)
                mutants_usage
                exit 0
                ;;
            -*) fail 2 "mutants knows names of faults and no options, not '$name'" ;;
        esac
        is_among "$name" "$names" ||
            fail 2 "no fault '$name' to plant$(echo "$names" | near "$name") (see ./gyre mutants --help)"
        named_once "$name" "$faults"
        faults="$faults $name"
    done
    compile_tests
    run_tests_with Mutants "$@"
}

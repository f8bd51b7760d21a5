# The command ./gyre install. Read by ./gyre, whose functions it uses.

install_usage() {
    cat <<END
Usage: ./gyre install [OPTIONS OF MAVEN]

Builds $(in_words), without tests and checks, and puts them into the local Maven
repository, each with its sources and its documentation. Prints what Maven and Gradle need to find
them there. What begins with - goes to Maven, as does what MAVEN_ARGS says: with
-Dmaven.repo.local=DIRECTORY, it is another repository. The exit status is 1 if that failed.
END
}

# Prints the names of the artifacts that users get, as a sentence has them.
in_words() {
    echo "$shipped" | sed 's|\([^ ]\) |\1, |g; s|, \([^ ]*\)$| and \1|'
}

# Puts what users get into the local Maven repository.
install() {
    for word; do
        case $word in
            -h | --help)
                install_usage
                exit 0
                ;;
            -*) ;;
            *) fail 2 "install takes options of Maven, which begin with -, not '$word'" ;;
        esac
    done
    find_jdk
    lock
    cd "$home"
    log=$home/target/install.log
    echo "gyre: building $(in_words) (without tests and checks; with $JAVA_HOME)" >&2
    # All anew, since classes that have no source any more would be installed with the others.
    for artifact in $shipped; do
        rm -rf "$artifact/target/install"
    done
    # A directory of its own, as for the demos: the checked build must not take these for its own.
    set -- -Plauncher -Dgyre.target=target/install -Dmaven.test.skip=true -Dstyle.color=never \
        -pl "$(echo "$shipped" | tr ' ' ,)" -am "$@"
    # All are compiled before the first is installed: what the repository has fits together.
    { ./mvnw "$@" compile && ./mvnw "$@" package source:jar-no-fork javadoc:jar install:install; } \
        >"$log" 2>&1 || not_installed
    unlock
    tell_installed
}

# Fails, and shows what Maven has said of the reason, without its advice on how to run it again.
not_installed() {
    grep '^\[ERROR\]' "$log" |
        grep -v '^\[ERROR\] *$\|Re-run Maven\|full stack trace\|For more info\|^\[ERROR\] \[Help' |
        head -n 20 >&2 || :
    grep -q '^\[ERROR\]' "$log" || tail -n 20 "$log" >&2
    fail 1 "not installed, see above; all that Maven has said is in $log. For its first build it must reach
  Maven Central, or a mirror that its settings name."
}

# Prints where the artifacts are, and what is to be written to use them.
tell_installed() {
    set -- $shipped
    repository=$(sed -n "s|^.INFO. Installing .* to \(.*\)/dev/gyre/$1/.*|\1|p" "$log" | head -n 1)
    version=$(sed -n 's|^  <version>\(.*\)</version>.*|\1|p' pom.xml | head -n 1)
    echo "Installed${repository:+ in $repository}, each with its sources and its documentation:"
    for artifact; do
        echo "  dev.gyre:$artifact:$version"
    done
    echo
    echo "Maven:"
    for artifact; do
        scope=
        [ "$artifact" != gyre-testing ] || scope="
    <scope>test</scope>"
        cat <<END
  <dependency>
    <groupId>dev.gyre</groupId>
    <artifactId>$artifact</artifactId>
    <version>$version</version>$scope
  </dependency>
END
    done
    echo
    echo "Gradle (Kotlin or Groovy), with mavenLocal() among the repositories:"
    for artifact; do
        use=implementation
        [ "$artifact" != gyre-testing ] || use=testImplementation
        echo "  $use(\"dev.gyre:$artifact:$version\")"
    done
    cat <<END

Flag of the JVM, for programs and for tests:
  --add-opens=java.base/java.lang=ALL-UNNAMED
END
}

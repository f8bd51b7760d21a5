package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// `./gyre demo NAME` for a server: runs it from its options to the signal that ends it.
final class ServerCommand implements Callable<Integer> {

    private static final int PORT_MAX = 65_535;

    private final ServerDemo demo;
    private final PrintStream out;
    private final PrintStream err;
    private final OptionSpec host;
    private final OptionSpec port;
    private final CommandLine commandLine;

    ServerCommand(ServerDemo demo, PrintStream out, PrintStream err) {
        this.demo = demo;
        this.out = out;
        this.err = err;
        this.host = hostOption(demo);
        this.port = portOption(demo);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this, Gyre.FACTORY);
        spec.addOption(host).addOption(port);
        demo.settings().forEach(setting -> spec.add(setting.spec()));
        spec.usageMessage()
                .header(demo.sentence(), "")
                .description(demo.explanation().lines().toArray(String[]::new))
                .optionListHeading("%n");
        this.commandLine = new CommandLine(spec, Gyre.FACTORY);
    }

    private static OptionSpec hostOption(ServerDemo demo) {
        String standard = demo.host() == null ? "all interfaces" : demo.host();
        return OptionSpec.builder("--host")
                .paramLabel("HOST")
                .type(String.class)
                .description(
                        "The name or address to listen on. Default: %s. Of a name with several"
                                        .formatted(standard)
                                + " addresses, the first IPv4 address is taken.")
                .build();
    }

    private static OptionSpec portOption(ServerDemo demo) {
        String standard = demo.port() == null ? "Required." : "Default: " + demo.port() + ".";
        return OptionSpec.builder("--port")
                .paramLabel("PORT")
                .type(Integer.class)
                .converters(ServerCommand::port)
                .required(demo.port() == null)
                .description("The port to listen on; 0 picks a free one. " + standard)
                .build();
    }

    private static Integer port(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= PORT_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The mistake is told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a port, a number from 0 to %d".formatted(text, PORT_MAX));
    }

    CommandLine commandLine() {
        return commandLine;
    }

    @Override
    public Integer call() throws IOException {
        Mechanism.current().require(commandLine);
        InetSocketAddress address = address();
        Settings given = new Settings(commandLine.getParseResult());
        IOLoop loop = IOLoop.instance();
        try (loop;
                DemoServer server = make(loop, given)) {
            // The signals are listened to first: whoever reads the line below may send one at once.
            loop.onSignal("INT", loop::stop);
            loop.onSignal("TERM", loop::stop);
            InetSocketAddress bound = listen(server, address);
            LastResort.stand();
            err.println(demo.name() + " listens on " + HostPort.text(bound));
            loop.start();
        }
        return CommandLine.ExitCode.OK;
    }

    private DemoServer make(IOLoop loop, Settings given) {
        try {
            return demo.maker().make(loop, given, out, err);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            // A file that the demo was given is not there, for instance, or not what it should be.
            throw new ParameterException(commandLine, e.getMessage(), e);
        }
    }

    private InetSocketAddress listen(DemoServer server, InetSocketAddress address) {
        try {
            return server.listen(address);
        } catch (IOException e) {
            throw new ParameterException(commandLine, ListenAddress.refusal(address, e), e);
        }
    }

    private InetSocketAddress address() {
        CommandLine.ParseResult given = commandLine.getParseResult();
        String name = given.matchedOptionValue(host.longestName(), demo.host());
        Integer number = given.matchedOptionValue(port.longestName(), demo.port());
        try {
            return ListenAddress.resolve(name, number);
        } catch (UnknownHostException e) {
            throw new ParameterException(
                    commandLine, "host '%s' does not resolve to an address".formatted(name), e);
        }
    }
}

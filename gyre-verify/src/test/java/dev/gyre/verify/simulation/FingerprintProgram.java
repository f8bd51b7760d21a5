package dev.gyre.verify.simulation;

import dev.gyre.testing.Simulation;

/// Prints the fingerprints of some seeds.
final class FingerprintProgram {

    private FingerprintProgram() {}

    public static void main(String[] arguments) {
        for (long seed = 0; seed < 10; seed++) {
            try (Simulation simulation = new Simulation(seed)) {
                SimulationTest.play(simulation);
                System.out.println(simulation.fingerprint());
            }
        }
    }
}

package dev.gyre.examples;

import java.io.IOException;

/// How a client's bytes arrive: what a server answers must not depend on it.
enum Feed {
    IN_ONE_BURST {
        @Override
        void send(Client client, String text) throws IOException {
            client.send(text);
        }
    },

    BYTE_BY_BYTE {
        @Override
        void send(Client client, String text) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                client.send(text.substring(i, i + 1));
            }
        }
    };

    abstract void send(Client client, String text) throws IOException;
}

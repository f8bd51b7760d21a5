/* The floor in C: epoll, one read and one write for each readiness, no framing. Linux only. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 1024

static char buffer[64 * 1024];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int epoll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
        fail("epoll_ctl");
    }
}

static void accept_one(int epoll, int listener) {
    int on = 1;
    int client = accept(listener, NULL, NULL);
    if (client < 0) {
        fail("accept");
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, client);
}

/* A client keeps less in flight than a socket buffer takes, so that write takes all: its socket
   may as well block. */
static void echo(int client) {
    ssize_t count = read(client, buffer, sizeof buffer);
    if (count <= 0 || write(client, buffer, count) != count) {
        close(client);
    }
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    struct epoll_event events[EVENTS_MAX];
    int epoll = epoll_create1(0);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) < 0
        || listen(listener, 4096) < 0
        || getsockname(listener, (struct sockaddr *) &address, &length) < 0) {
        fail("listen");
    }
    watch(epoll, listener);
    printf("listens on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener) {
                accept_one(epoll, listener);
            } else {
                echo(events[i].data.fd);
            }
        }
    }
}

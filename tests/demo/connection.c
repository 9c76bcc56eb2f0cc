// SPDX-License-Identifier: GPL-2.0
/*
 * TCP connections over the loopback interface.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guess.h"

static int fail(int fd)
{
	int error = errno;

	close(fd);
	return -error;
}

/* Without it small messages wait for each other's acknowledgement. */
static int send_at_once(int fd)
{
	int on = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
		return fail(fd);
	return fd;
}

int connection_listen(uint16_t *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, length) < 0 ||
	    listen(fd, GUESS_WORKERS_MAX) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		return fail(fd);
	*port = ntohs(address.sin_port);
	return fd;
}

int connection_open(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return fail(fd);
	return send_at_once(fd);
}

int connection_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return -errno;
	return send_at_once(fd);
}

int connection_send(int fd, const void *data, size_t bytes)
{
	const char *next = data;

	while (bytes) {
		ssize_t sent = send(fd, next, bytes, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -errno;
		next += sent;
		bytes -= (size_t)sent;
	}
	return 0;
}

/* -EPIPE when the other end has closed. */
int connection_receive(int fd, void *data, size_t bytes)
{
	char *next = data;

	while (bytes) {
		ssize_t received = recv(fd, next, bytes, 0);

		if (received < 0 && errno == EINTR)
			continue;
		if (received < 0)
			return -errno;
		if (received == 0)
			return -EPIPE;
		next += received;
		bytes -= (size_t)received;
	}
	return 0;
}

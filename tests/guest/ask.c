// SPDX-License-Identifier: GPL-2.0
/*
 * Asks a Unix socket for a page, as a scraper does, and prints what comes.
 *
 *	ask SOCKET
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char piece[4096];
	ssize_t got;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, argv[1]);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    write(fd, request, sizeof(request) - 1) != sizeof(request) - 1) {
		perror(argv[1]);
		return 1;
	}
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		fwrite(piece, 1, got, stdout);
	return got < 0;
}

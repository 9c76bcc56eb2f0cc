// SPDX-License-Identifier: GPL-2.0
/*
 * What each CPU has recorded and lost, for Prometheus: once to standard output, or,
 * over HTTP, to whoever connects to a local socket.
 *
 *	exporter [SOCKET]
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "flightrec.h"

static const struct {
	const char *name;
	const char *help;
	size_t offset;
} counters[] = {
	{ "flightrec_cpu_events_written_total", "Events that the CPU recorded.",
	  offsetof(struct flightrec_cpu_status, events_written) },
	{ "flightrec_cpu_events_overwritten_total", "Of these, overwritten by newer ones.",
	  offsetof(struct flightrec_cpu_status, events_overwritten) },
	{ "flightrec_cpu_events_lost_total", "Events that the CPU could not record.",
	  offsetof(struct flightrec_cpu_status, events_lost) },
};

/* One counter of all CPUs. 0 or -errno. */
static int print_counter(struct flightrec *recorder, FILE *out, size_t i)
{
	struct flightrec_cpu_status status;
	uint32_t cpu = 0;
	uint64_t value;
	int err;

	fprintf(out, "# HELP %s %s\n# TYPE %s counter\n", counters[i].name, counters[i].help,
		counters[i].name);
	while (!(err = flightrec_get_cpu_status(recorder, cpu, &status))) {
		memcpy(&value, (const char *)&status + counters[i].offset, sizeof(value));
		fprintf(out, "%s{cpu=\"%u\"} %llu\n", counters[i].name, status.cpu,
			(unsigned long long)value);
		cpu = status.cpu + 1;
	}
	return err == -ENXIO ? 0 : err;
}

static int print_counters(struct flightrec *recorder, FILE *out)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(counters) / sizeof(counters[0]); i++)
		err = print_counter(recorder, out, i);
	return err;
}

/* Whatever the request says: there is one answer only. */
static int answer(struct flightrec *recorder, int client)
{
	char request[4096];
	FILE *out = fdopen(client, "r+");
	int err;

	if (!out) {
		err = -errno;
		close(client);
		return err;
	}
	if (read(client, request, sizeof(request)) > 0)
		fprintf(out, "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\r\n");
	err = print_counters(recorder, out);
	fclose(out);
	return err;
}

static int serve(struct flightrec *recorder, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int client, err = 0, server = socket(AF_UNIX, SOCK_STREAM, 0);

	if (server < 0)
		return -errno;
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	unlink(path);
	if (bind(server, (struct sockaddr *)&address, sizeof(address)) || listen(server, 8))
		err = -errno;
	while (!err) {
		client = accept(server, NULL, NULL);
		err = client < 0 ? -errno : answer(recorder, client);
	}
	close(server);
	return err;
}

int main(int argc, char **argv)
{
	struct flightrec *recorder;
	int err = flightrec_open(&recorder, NULL);

	if (!err) {
		err = argc > 1 ? serve(recorder, argv[1]) : print_counters(recorder, stdout);
		flightrec_close(recorder);
	}
	if (err)
		fprintf(stderr, "exporter: %s\n", strerror(-err));
	return err ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0
/* flightrec config */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "names.h"
#include "quantity.h"

const char config_help[] =
	"Usage: flightrec config [--json] [NAME=VALUE]...\n"
	"\n"
	"Shows the recorder's settings; with NAME=VALUE, changes these first, at once and\n"
	"without stopping. What it prints is what it takes.\n"
	"\n"
	"  max-bytes=SIZE      bound on all memory that recordings take, as in 64M\n"
	"  min-age=TIME        how far back a snapshot reaches, as in 200ms, if memory holds it\n"
	"  segment-bytes=SIZE  memory of one segment, a power of two from 16K to 4M; another\n"
	"                      one drops what is recorded\n"
	"  events=NAME,...     what is recorded: switch (always), waking, wakeup-new, migrate,\n"
	"                      fork, exec, exit, rename, mark; or all\n"
	"\n"
	"The value `default` is each one's default.\n"
	"\n"
	"  --json  for programs\n";

static int set_bytes(struct flightrec_config *config, const char *value)
{
	uint64_t bytes;

	if (quantity_parse_bytes(value, &bytes) || !bytes)
		return -1;
	config->max_bytes = bytes;
	return 0;
}

static int set_segment(struct flightrec_config *config, const char *value)
{
	uint64_t bytes;

	if (quantity_parse_bytes(value, &bytes) || !bytes || bytes > UINT32_MAX)
		return -1;
	config->segment_bytes = (uint32_t)bytes;
	return 0;
}

static int set_age(struct flightrec_config *config, const char *value)
{
	uint64_t ns;

	if (quantity_parse_time(value, &ns) || !ns)
		return -1;
	config->min_age_ns = ns;
	return 0;
}

static int set_events(struct flightrec_config *config, const char *value)
{
	uint64_t mask;

	if (names_parse_events(value, &mask))
		return -1;
	config->events = mask;
	return 0;
}

static void set_default(struct flightrec_config *config, const char *name)
{
	if (!strcmp(name, "max-bytes"))
		config->max_bytes = 0;
	else if (!strcmp(name, "min-age"))
		config->min_age_ns = 0;
	else if (!strcmp(name, "segment-bytes"))
		config->segment_bytes = 0;
	else
		config->events = 0;
}

static const struct {
	const char *name;
	int (*set)(struct flightrec_config *config, const char *value);
	const char *kind;
} settings[] = {
	{ "max-bytes", set_bytes, "a size, as 64M" },
	{ "min-age", set_age, "a time, as 200ms" },
	{ "segment-bytes", set_segment, "a size, as 64K" },
	{ "events", set_events,
	  "a list of events with switch among them, as switch,waking; or all" },
};

/* Takes NAME=VALUE over. */
static int apply(struct flightrec_config *config, const char *assignment)
{
	const char *value = strchr(assignment, '=');
	size_t length = value ? (size_t)(value - assignment) : 0;

	if (!value)
		return command_usage("config", "'%s' is no NAME=VALUE", assignment);
	value++;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strlen(settings[i].name) != length ||
		    strncmp(settings[i].name, assignment, length))
			continue;
		if (!strcmp(value, "default"))
			set_default(config, settings[i].name);
		else if (settings[i].set(config, value))
			return command_usage("config", "%s: %s is needed", assignment,
					     settings[i].kind);
		return EXIT_SUCCESS;
	}
	return command_usage("config", "no setting '%.*s'", (int)length, assignment);
}

static void print_text(const struct flightrec_config *config)
{
	char text[QUANTITY_ROOM];

	printf("max-bytes=%s\n", quantity_exact_bytes(text, config->max_bytes));
	printf("min-age=%s\n", quantity_exact_time(text, config->min_age_ns));
	printf("segment-bytes=%s\n", quantity_exact_bytes(text, config->segment_bytes));
	printf("events=");
	if (config->events)
		names_print_events(config->events);
	else
		printf("all");
	printf("\n");
}

static void print_json(const struct flightrec_config *config)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "max_bytes", config->max_bytes);
	json_add_number(object, "min_age_ns", config->min_age_ns);
	json_add_number(object, "segment_bytes", config->segment_bytes);
	json_add_events(object, "events", config->events);
	json_print(object);
}

static int set_config(struct flightrec *recorder, const struct flightrec_config *config)
{
	int err = flightrec_set_config(recorder, config);

	if (err == -EINVAL)
		return command_error("config", "the recorder refuses that; the kernel's log "
					       "(dmesg) says what it would accept");
	return err ? command_recorder_error("config", err) : EXIT_SUCCESS;
}

static int show_or_change(struct flightrec *recorder, int count, char **assignments, bool json)
{
	struct flightrec_config config;
	int err = flightrec_get_config(recorder, &config);

	if (err)
		return command_recorder_error("config", err);
	for (int i = 0; i < count; i++)
		apply(&config, assignments[i]);
	if (count) {
		if (set_config(recorder, &config))
			return EXIT_FAILURE;
		err = flightrec_get_config(recorder, &config);
		if (err)
			return command_recorder_error("config", err);
	}
	if (json)
		print_json(&config);
	else
		print_text(&config);
	return command_end_output();
}

int config_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct flightrec_config scratch = { 0 };
	struct flightrec *recorder;
	bool json = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'j')
			return command_usage(argv[0], "can't do that");
		json = true;
	}
	/* All of them are looked at before anything is changed. */
	for (int i = optind; i < argc; i++) {
		status = apply(&scratch, argv[i]);
		if (status)
			return status;
	}
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	status = show_or_change(recorder, argc - optind, argv + optind, json);
	flightrec_close(recorder);
	return status;
}

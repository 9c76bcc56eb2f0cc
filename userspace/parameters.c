// SPDX-License-Identifier: GPL-2.0
/* Parameters for the module. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "parameters.h"

/* The kernel takes words between blanks; quotes would join them. */
static bool is_word(const char *text)
{
	return *text && !text[strcspn(text, " \t\n\r\v\f\"'")];
}

static struct parameter *find(struct parameters *parameters, const char *text, size_t name_length)
{
	for (size_t i = 0; i < parameters->count; i++)
		if (parameters->list[i].name_length == name_length &&
		    !strncmp(parameters->list[i].text, text, name_length))
			return &parameters->list[i];
	return NULL;
}

static struct parameter *append(struct parameters *parameters)
{
	struct parameter *list =
		reallocarray(parameters->list, parameters->count + 1, sizeof(*list));

	if (!list)
		return NULL;
	parameters->list = list;
	list[parameters->count] = (struct parameter){ .text = NULL };
	return &list[parameters->count++];
}

int parameters_add(struct parameters *parameters, const char *text, const char *file,
		   unsigned int line)
{
	size_t name_length = strcspn(text, "=");
	struct parameter *parameter;
	char *copy;

	if (!name_length || !text[name_length] || !is_word(text) || !text[name_length + 1])
		return -EINVAL;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	parameter = find(parameters, text, name_length);
	if (!parameter)
		parameter = append(parameters);
	if (!parameter) {
		free(copy);
		return -ENOMEM;
	}
	free(parameter->text);
	*parameter = (struct parameter){
		.text = copy, .name_length = name_length, .file = file, .line = line
	};
	return 0;
}

/* Without its comment, and without blanks at both ends. */
static char *tidy(char *line)
{
	char *end;

	line[strcspn(line, "#\n")] = '\0';
	line += strspn(line, " \t\r");
	end = line + strlen(line);
	while (end > line && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return line;
}

static int read_lines(struct parameters *parameters, FILE *file, const char *name)
{
	char *buffer = NULL, *text = NULL;
	size_t room = 0;
	unsigned int line = 0;
	int err = 0;

	while (!err && getline(&buffer, &room, file) >= 0) {
		line++;
		text = tidy(buffer);
		if (*text)
			err = parameters_add(parameters, text, name, line);
	}
	if (err == -EINVAL)
		parameters_error(&(struct parameter){ .file = name, .line = line, .text = text },
				 "is not NAME=VALUE");
	else if (err)
		command_error(name, "%s", strerror(-err));
	else if (ferror(file))
		err = command_error(name, "%m");
	free(buffer);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int parameters_read(struct parameters *parameters, const char *name, bool must_exist)
{
	FILE *file = fopen(name, "re");
	int status;

	if (!file && errno == ENOENT && !must_exist)
		return EXIT_SUCCESS;
	if (!file)
		return command_error(name, "%m");
	status = read_lines(parameters, file, name);
	fclose(file);
	return status;
}

int parameters_error(const struct parameter *parameter, const char *why)
{
	if (!parameter->file)
		return command_usage("load", "'%s' %s", parameter->text, why);
	return command_error(parameter->file, "line %u: '%s' %s", parameter->line, parameter->text,
			     why);
}

char *parameters_join(const struct parameters *parameters)
{
	size_t bytes = 1;
	char *joined, *end;

	for (size_t i = 0; i < parameters->count; i++)
		bytes += strlen(parameters->list[i].text) + 1;
	joined = end = calloc(bytes, 1);
	for (size_t i = 0; joined && i < parameters->count; i++) {
		if (i)
			*end++ = ' ';
		end = stpcpy(end, parameters->list[i].text);
	}
	return joined;
}

void parameters_free(struct parameters *parameters)
{
	for (size_t i = 0; i < parameters->count; i++)
		free(parameters->list[i].text);
	free(parameters->list);
}

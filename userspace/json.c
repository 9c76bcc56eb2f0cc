// SPDX-License-Identifier: GPL-2.0
/* JSON objects by json-c, for what isn't printed a million times. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "names.h"
#include "utf8.h"

void json_add_number(struct json_object *object, const char *name, uint64_t value)
{
	json_object_object_add(object, name, json_object_new_uint64(value));
}

void json_add_signed(struct json_object *object, const char *name, int64_t value)
{
	json_object_object_add(object, name, json_object_new_int64(value));
}

void json_add_fraction(struct json_object *object, const char *name, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	json_object_object_add(object, name, json_object_new_double_s(value, text));
}

void json_add_bool(struct json_object *object, const char *name, bool value)
{
	json_object_object_add(object, name, json_object_new_boolean(value));
}

/* A copy in which every byte that is no text is U+FFFD. */
static char *as_text(const char *bytes)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *text = malloc(3 * strlen(bytes) + 1), *end = text;

	if (!text)
		return NULL;
	while (*bytes) {
		size_t length = utf8_length(bytes);

		if (length)
			end = mempcpy(end, bytes, length);
		else
			end = mempcpy(end, replacement, 3);
		bytes += length ? length : 1;
	}
	*end = '\0';
	return text;
}

void json_add_name(struct json_object *object, const char *name, const char *text)
{
	char *copy = text ? as_text(text) : NULL;

	json_object_object_add(object, name, copy ? json_object_new_string(copy) : NULL);
	free(copy);
}

void json_add_events(struct json_object *object, const char *name, uint64_t mask)
{
	struct json_object *names = json_object_new_array();

	for (uint32_t i = 0; i < 64; i++)
		if (mask >> i & 1 && name_of_event(i))
			json_object_array_add(names, json_object_new_string(name_of_event(i)));
	json_object_object_add(object, name, names);
}

void json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_SPACED |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

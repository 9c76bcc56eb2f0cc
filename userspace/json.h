/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_JSON_H
#define FLIGHTREC_JSON_H

#include <stdbool.h>
#include <stdint.h>

struct json_object;

/* Adds a member. A text may hold any bytes; NULL gives null. */
void json_add_number(struct json_object *object, const char *name, uint64_t value);
void json_add_signed(struct json_object *object, const char *name, int64_t value);
void json_add_fraction(struct json_object *object, const char *name, double value);
void json_add_bool(struct json_object *object, const char *name, bool value);
/* A list of the names of those in the mask. */
void json_add_events(struct json_object *object, const char *name, uint64_t mask);
void json_add_name(struct json_object *object, const char *name, const char *text);

/* Prints the object on stdout, one member a line, and gives it up. */
void json_print(struct json_object *object);

#endif

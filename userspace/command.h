/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the subcommands of `flightrec` share.
 *
 * A subcommand is a function <name>_main() and a text <name>_help. It gets its
 * own name as argv[0] and returns the exit status: EXIT_SUCCESS, EXIT_FAILURE
 * after having said why with command_error(), or EXIT_USAGE. `--help` is dealt
 * with before it is called.
 */
#ifndef FLIGHTREC_COMMAND_H
#define FLIGHTREC_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "flightrec.h"

#define EXIT_USAGE 2

int load_main(int argc, char **argv);
int unload_main(int argc, char **argv);
int start_main(int argc, char **argv);
int stop_main(int argc, char **argv);
int clear_main(int argc, char **argv);
int config_main(int argc, char **argv);
int mark_main(int argc, char **argv);
int status_main(int argc, char **argv);
int snapshot_main(int argc, char **argv);
int info_main(int argc, char **argv);
int dump_main(int argc, char **argv);
int report_main(int argc, char **argv);

/*
 * Usage line, what it does, its options: all that `--help` prints. Ends with a
 * newline.
 */
extern const char load_help[];
extern const char unload_help[];
extern const char start_help[];
extern const char stop_help[];
extern const char clear_help[];
extern const char config_help[];
extern const char mark_help[];
extern const char status_help[];
extern const char snapshot_help[];
extern const char info_help[];
extern const char dump_help[];
extern const char report_help[];

/* Prints "flightrec: <what>: <why>" on stderr; returns EXIT_FAILURE. */
int command_error(const char *what, const char *why, ...) __attribute__((format(printf, 2, 3)));

/* Prints what is wrong and where help is, on stderr; returns EXIT_USAGE. */
int command_usage(const char *command, const char *why, ...) __attribute__((format(printf, 2, 3)));

/*
 * Opens /dev/flightrec. Returns EXIT_SUCCESS, or EXIT_FAILURE after having said why.
 */
int command_open_recorder(struct flightrec **recorder);

/* Says why @what failed with @err (negative); returns EXIT_FAILURE. */
int command_recorder_error(const char *what, int err);

/*
 * Ends what was written to stdout: EXIT_SUCCESS, or EXIT_FAILURE after having said
 * why that can't be written. A closed pipe is fine.
 */
int command_end_output(void);

/*
 * Opens the snapshot @file ("-": stdin) and says on stderr what is damaged or cut
 * short. Returns EXIT_SUCCESS, or EXIT_FAILURE after having said why.
 */
int command_open_trace(struct flightrec_trace **trace, const char *file);

/*
 * The exit status of a command that has done its work with @trace: EXIT_FAILURE
 * if the file was damaged or cut short (which has been said), and if stdout can't
 * be written to (which is said here, but for a closed pipe).
 */
int command_close_trace(struct flightrec_trace *trace);

#endif

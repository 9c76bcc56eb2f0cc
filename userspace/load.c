// SPDX-License-Identifier: GPL-2.0
/* flightrec load */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "command.h"
#include "kmsg.h"
#include "module.h"
#include "parameters.h"

const char load_help[] =
	"Usage: flightrec load [--config FILE] [--module FILE] [NAME=VALUE]...\n"
	"\n"
	"Loads the kernel module, which records from then on, with the parameters of\n"
	"/etc/flightrec.conf (one NAME=VALUE a line), if it exists, and of the command line,\n"
	"which take precedence.\n"
	"\n"
	"  --config FILE  take parameters from this file instead\n"
	"  --module FILE  load this one (default: the one that was built beside this command,\n"
	"                 or else the one that modprobe would load)\n"
	"\n"
	"Parameters:\n"
	"  max_bytes=SIZE      bound on the recording memory, as 64M (default: 32M)\n"
	"  min_age_ms=N        how far back a snapshot reaches, in ms (default: 10000)\n"
	"  segment_bytes=SIZE  memory of one segment, a power of two from 16K to 4M\n"
	"  start=0             don't record until `flightrec start`\n";

struct wish {
	const char *config;
	const char *module;
	struct parameters parameters;
};

static int parse_options(int argc, char **argv, struct wish *wish)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "module", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			wish->config = optarg;
			break;
		case 'm':
			wish->module = optarg;
			break;
		default:
			return command_usage(argv[0], "can't do that");
		}
	}
	return EXIT_SUCCESS;
}

/* The file's first: what is on the command line replaces it. */
static int collect_parameters(struct wish *wish, int count, char **words)
{
	const char *file = wish->config ? wish->config : PARAMETERS_FILE;

	if (parameters_read(&wish->parameters, file, wish->config))
		return EXIT_FAILURE;
	for (int i = 0; i < count; i++) {
		int err = parameters_add(&wish->parameters, words[i], NULL, 0);

		if (err == -EINVAL)
			return command_usage("load", "'%s' is not NAME=VALUE", words[i]);
		if (err)
			return command_error("load", "%s", strerror(-err));
	}
	return EXIT_SUCCESS;
}

/* The kernel would load the module all the same, and only log that there is none. */
static int check_names(const struct parameters *parameters, const struct kmod_module *module)
{
	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->list[i];
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)parameter->name_length, parameter->text);
		if (!module_has_parameter(module, name))
			return parameters_error(parameter, "is for a parameter that the module "
							   "doesn't have");
	}
	return EXIT_SUCCESS;
}

/* Whether a file of one line or word has it. */
static bool file_has(const char *name, const char *word)
{
	char text[256] = "";
	FILE *file = fopen(name, "re");

	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return strstr(text, word);
}

static int explain_permission(const char *what)
{
	if (geteuid())
		return command_error(what, "this needs root");
	if (file_has("/proc/sys/kernel/modules_disabled", "1"))
		return command_error(what, "this kernel takes no more modules until it is booted "
					   "again (sysctl kernel.modules_disabled)");
	if (file_has("/sys/kernel/security/lockdown", "[integrity]") ||
	    file_has("/sys/kernel/security/lockdown", "[confidentiality]"))
		return command_error(what,
				     "this kernel is locked down (Secure Boot does that) and "
				     "takes only modules that are signed with a key it knows; "
				     "see SECURE BOOT in flightrec(1)");
	return command_error(what, "%s; this needs CAP_SYS_MODULE", strerror(EPERM));
}

static bool is_for_other_kernel(const struct kmod_module *module)
{
	struct utsname kernel;
	char release[sizeof(kernel.release)];

	return !uname(&kernel) && module_built_for(module, release, sizeof(release)) &&
	       strcmp(release, kernel.release);
}

static int explain_version(const char *what, const struct kmod_module *module)
{
	struct utsname kernel;
	char release[sizeof(kernel.release)] = "";

	uname(&kernel);
	module_built_for(module, release, sizeof(release));
	if (strcmp(release, kernel.release))
		return command_error(what,
				     "was built for kernel %s, but this one is %s; build it anew, "
				     "with that one's headers",
				     release, kernel.release);
	return command_error(what,
			     "was built for a kernel %s that is configured otherwise than this one",
			     release);
}

/* Why the kernel didn't take it; what it logged comes after that. */
static int explain(const struct kmod_module *module, int err)
{
	const char *what = kmod_module_get_path(module);

	switch (-err) {
	case EEXIST:
		return command_error("load", "is loaded already");
	case EPERM:
	case EACCES:
		return explain_permission(what);
	case EKEYREJECTED:
	case ENOKEY:
	case ENOPKG:
	case EBADMSG:
		return command_error(what, "this kernel takes only modules that are signed with a "
					   "key it knows, and this one isn't; "
					   "see SECURE BOOT in flightrec(1)");
	case ENOEXEC:
		return explain_version(what, module);
	case ENOENT:
		return command_error(what, "this kernel doesn't have all that the module uses");
	case EINVAL:
		if (is_for_other_kernel(module))
			return explain_version(what, module);
		return command_error(what, "the kernel doesn't accept a parameter");
	case EBUSY:
		return command_error(what, "one is just being loaded or unloaded");
	default:
		return command_error(what, "%s", strerror(-err));
	}
}

static int insert(struct kmod_module *module, const struct wish *wish)
{
	char *parameters = parameters_join(&wish->parameters);
	int kmsg, err;

	if (!parameters)
		return command_error("load", "%s", strerror(ENOMEM));
	kmsg = kmsg_open();
	/* Probing adds the options of /etc/modprobe.d, and obeys its commands. */
	err = kmod_module_probe_insert_module(module, KMOD_PROBE_FAIL_ON_LOADED, parameters, NULL,
					      NULL, NULL);
	free(parameters);
	if (err) {
		explain(module, err);
		kmsg_quote(kmsg);
	}
	if (kmsg >= 0)
		close(kmsg);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int load(struct kmod_ctx *context, const struct wish *wish)
{
	struct kmod_module *module;
	int status;

	if (module_is_loaded(context))
		return command_error("load",
				     "is loaded already; `flightrec unload` comes before loading "
				     "it with other parameters");
	if (module_find(context, wish->module, &module))
		return EXIT_FAILURE;
	status = check_names(&wish->parameters, module);
	if (!status)
		status = insert(module, wish);
	kmod_module_unref(module);
	return status;
}

int load_main(int argc, char **argv)
{
	struct wish wish = { 0 };
	struct kmod_ctx *context;
	int status;

	status = parse_options(argc, argv, &wish);
	if (status)
		return status;
	status = collect_parameters(&wish, argc - optind, argv + optind);
	if (!status) {
		context = module_context();
		status = context ? load(context, &wish) : command_error("load", "%m");
		kmod_unref(context);
	}
	parameters_free(&wish.parameters);
	return status;
}

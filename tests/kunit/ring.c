// SPDX-License-Identifier: GPL-2.0
/* The ring as it is; here so that its object is not flightrec.ko's. */
#include "../../kmod/ring.c"

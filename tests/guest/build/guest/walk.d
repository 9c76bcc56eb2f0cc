/work/main/tests/guest/build/guest/walk.o: walk.c walk.h \
 ../../uapi/flightrec_format.h

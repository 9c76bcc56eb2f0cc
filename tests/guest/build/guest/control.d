/work/main/tests/guest/build/guest/control.o: control.c device.h \
 ../../uapi/flightrec_ioctl.h walk.h ../../uapi/flightrec_format.h load.h

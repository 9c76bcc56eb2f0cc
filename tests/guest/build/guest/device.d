/work/main/tests/guest/build/guest/device.o: device.c device.h \
 ../../uapi/flightrec_ioctl.h walk.h ../../uapi/flightrec_format.h

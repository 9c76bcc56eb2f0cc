/work/main/tests/guest/build/guest/interface.o: interface.c cases.h \
 device.h ../../uapi/flightrec_ioctl.h walk.h \
 ../../uapi/flightrec_format.h load.h

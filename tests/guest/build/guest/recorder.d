/work/main/tests/guest/build/guest/recorder.o: recorder.c cases.h \
 device.h ../../uapi/flightrec_ioctl.h walk.h \
 ../../uapi/flightrec_format.h load.h

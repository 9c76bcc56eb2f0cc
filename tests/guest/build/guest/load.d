/work/main/tests/guest/build/guest/load.o: load.c load.h

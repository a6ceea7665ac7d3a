import fc from 'fast-check';

// A mutant that one run kills and the next does not would make two scores incomparable.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_260_101 });

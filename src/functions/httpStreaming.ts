import { app } from '@azure/functions';

/** Answers of many rows go out piece by piece. */
app.setup({ enableHttpStream: true });

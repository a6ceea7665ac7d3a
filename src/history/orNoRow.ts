/** A row, or undefined where its table does not exist yet: it has no rows, as in every list. */
export async function orNoRow<Row>(reading: Promise<Row | undefined>): Promise<Row | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'TableNotFound') {
      return undefined;
    }
    throw error;
  }
}

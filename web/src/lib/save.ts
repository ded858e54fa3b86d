/** Where a download goes: to a file that the browser writes as it comes, or, where it can't, through memory. */
type Target = { write(piece: Uint8Array<ArrayBuffer>): Promise<void>; finish(): Promise<void>; abandon(): Promise<void> };

type FilePicker = (options: { suggestedName: string; types: { accept: Record<string, string[]> }[] }) => Promise<FileSystemFileHandle>;

/** Asks where to. Undefined: they thought better of it. */
async function fileTarget(picker: FilePicker, name: string): Promise<Target | undefined> {
  let handle: FileSystemFileHandle;
  try {
    handle = await picker({ suggestedName: name, types: [{ accept: { "text/csv": [".csv"] } }] });
  } catch {
    return undefined;
  }
  const file = await handle.createWritable();
  return { write: (piece) => file.write(piece), finish: () => file.close(), abandon: () => file.abort() };
}

function memoryTarget(name: string): Target {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (piece) => Promise.resolve(void pieces.push(piece)),
    finish: () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(pieces, { type: "text/csv" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return Promise.resolve();
    },
    abandon: () => Promise.resolve(),
  };
}

/** Saves an answer to a file while it comes, tells how many bytes there are, and returns that; undefined: not wanted. */
export async function save(name: string, ask: () => Promise<Response>, told: (bytes: number) => void): Promise<number | undefined> {
  const picker = (window as { showSaveFilePicker?: FilePicker }).showSaveFilePicker;
  const target = picker === undefined ? memoryTarget(name) : await fileTarget(picker, name);
  if (target === undefined) return undefined;
  let bytes = 0;
  try {
    const reader = (await ask()).body?.getReader();
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
      await target.write(piece.value as Uint8Array<ArrayBuffer>);
      bytes += piece.value.length;
      told(bytes);
    }
  } catch (failure) {
    await target.abandon().catch(() => undefined);
    throw failure;
  }
  await target.finish();
  return bytes;
}

/** A name for a file, of what a device is called and the time it is about. */
export function fileName(device: string, since: number, until: number): string {
  const plain = device
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\w-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, "");
  return `${plain === "" ? "device" : plain}_${day(since)}Z-${day(until)}Z.csv`;
}

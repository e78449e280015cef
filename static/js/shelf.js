// Photos that have not arrived at the server yet, kept by the browser, so that a reload loses none.

const NAME = "greenroom-desk";
const STORE = "photos";
const DAY = 86_400_000; // milliseconds: what somebody has left at a shared computer stays no longer

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
  return (await done(opening)).transaction(STORE, mode).objectStore(STORE);
}

// A private window may have no such place: the desk works without it, a reload then asks first.
async function quietly(work) {
  try {
    return await work();
  } catch {
    return null;
  }
}

export const keep = (photo) => quietly(async () => done((await store("readwrite")).put(photo)));
export const forget = (key) => quietly(async () => done((await store("readwrite")).delete(key)));
export const forgetAll = () =>
  quietly(async () => {
    const shelf = await store("readwrite");
    shelf.clear();
    return new Promise((over) => (shelf.transaction.oncomplete = over)); // the page is left at once
  });
export async function kept(owner) {
  const all = await quietly(async () => done((await store("readonly")).getAll()));
  const old = (all ?? []).filter(({ at }) => !(at > Date.now() - DAY));
  for (const { key } of old) forget(key);
  return (all ?? []).filter((photo) => photo.owner === owner && !old.includes(photo)).sort((one, other) => one.at - other.at);
}

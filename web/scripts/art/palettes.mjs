// Four colours each: ground, ink, tone, light.
export const PALETTES = [
  ["#14192d", "#e9e4d8", "#44507c", "#ff8a4c"],
  ["#efe3d2", "#2c2a33", "#c98b5f", "#c8402a"],
  ["#0d3a42", "#f1dcae", "#5f8f86", "#e4572e"],
  ["#241a3d", "#d9b8d6", "#6a5a99", "#ffb454"],
  ["#16281a", "#dfe6b0", "#5d8348", "#f2b134"],
  ["#fbeee2", "#2a4f74", "#efb7a2", "#e8485f"],
  ["#121212", "#efebe3", "#6f6a64", "#d8332c"],
  ["#071f45", "#bfe3ee", "#2f76ad", "#f7c548"],
  ["#33231a", "#ecd9ae", "#94552f", "#e3a437"],
  ["#2c1019", "#f6b9c3", "#9c2a45", "#ff6f61"],
  ["#e7edf0", "#27466b", "#8fb3bd", "#d4502f"],
  ["#20191c", "#c9bf9b", "#63704f", "#d9e36b"],
];

// Seats are points. Their shape says their state as well as their colour does: a disc is free, a
// ring is held, a small square is gone.
export const VERTEX = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in vec4 colour;
uniform vec3 camera;
uniform vec2 view;
uniform float size;
out vec3 tint;
flat out int state;
flat out float visible;
void main() {
  vec2 at = (place * camera.z + camera.xy) / view * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, 0.0, 1.0);
  int look = int(colour.a * 255.0 + 0.5);
  state = look & 3;
  visible = look >= 4 ? 0.22 : 1.0;
  tint = colour.rgb;
  gl_PointSize = max(size * (state >= 2 ? 0.42 : 1.0), 1.0);
}`;

export const FRAGMENT = `#version 300 es
precision mediump float;
in vec3 tint;
flat in int state;
flat in float visible;
uniform float strength;
uniform float size;
uniform vec3 gone;
out vec4 drawn;
void main() {
  vec2 at = (gl_PointCoord - 0.5) * 2.0;
  float away = length(at);
  float edge = 2.4 / max(size, 2.4);
  float shape;
  vec3 shown = tint;
  if (state == 0) {
    shape = 1.0 - smoothstep(1.0 - edge, 1.0, away);
  } else if (state == 1) {
    float inner = 0.56;
    shape = (1.0 - smoothstep(1.0 - edge, 1.0, away)) * smoothstep(inner - edge, inner, away) * 0.8;
  } else {
    shape = state == 2 ? 1.0 : step(abs(at.y), 0.4);
    shown = gone;
  }
  float alpha = shape * strength * visible;
  drawn = vec4(shown * alpha, alpha);
}`;

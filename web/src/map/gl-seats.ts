// Seats by WebGL2: all of a stadium is one buffer that stays on the graphics card, and a frame is a
// few calls.
import type { Camera, Size } from "./camera";
import type { House } from "./house";
import { FRAGMENT, VERTEX } from "./shaders";
import { WIDTHS, type SeatsLayer } from "./seats";
import type { Theme } from "./theme";

/** The layer, or nothing where the browser has no WebGL2. */
export function glSeats(canvas: HTMLCanvasElement, house: House): SeatsLayer | null {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, powerPreference: "low-power" });
  if (gl === null) return null;
  const program = linked(gl);
  if (program === null) return null;
  const places = new Float32Array(house.count * 2);
  for (let seat = 0; seat < house.count; seat += 1) {
    places[2 * seat] = house.x[seat] ?? 0;
    places[2 * seat + 1] = house.y[seat] ?? 0;
  }
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  const colours = new Uint8Array(house.count * 4);
  const colourBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, colourBuffer);
  gl.bufferData(gl.ARRAY_BUFFER, colours, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 0, 0);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const at = (name: string) => gl.getUniformLocation(program, name);
  const uniforms = { camera: at("camera"), view: at("view"), size: at("size"), strength: at("strength"), gone: at("gone") };
  let [view, density] = [{ width: 1, height: 1 } as Size, 1];
  let theme: Theme | null = null;

  return {
    setTheme(next) {
      theme = next;
      const [red, green, blue] = next.strong;
      gl.uniform3f(uniforms.gone, red / 255, green / 255, blue / 255);
      for (let seat = 0; seat < house.count; seat += 1) {
        const colour = next.categories[house.category[seat] ?? 0] ?? next.quiet;
        colours.set(colour, 4 * seat);
      }
    },
    setLooks(looks) {
      for (let seat = 0; seat < looks.length; seat += 1) colours[4 * seat + 3] = looks[seat] ?? 0;
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, colours);
    },
    resize(next, pixels) {
      [view, density] = [next, pixels];
      canvas.width = Math.round(next.width * pixels);
      canvas.height = Math.round(next.height * pixels);
      gl.viewport(0, 0, canvas.width, canvas.height);
    },
    draw(camera: Camera, ranges, strength) {
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (theme === null || strength <= 0) return;
      gl.uniform3f(uniforms.camera, camera.x, camera.y, camera.scale);
      gl.uniform2f(uniforms.view, view.width, view.height);
      gl.uniform1f(uniforms.size, house.pitch * camera.scale * WIDTHS[0] * density);
      gl.uniform1f(uniforms.strength, strength);
      for (let index = 0; index + 1 < ranges.length; index += 2) {
        const [first = 0, end = 0] = [ranges[index], ranges[index + 1]];
        gl.drawArrays(gl.POINTS, first, end - first);
      }
    },
    destroy() {
      gl.getExtension("WEBGL_lose_context")?.loseContext();
    },
  };
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}

/* Explorers: figures with controls. Without this script their first frame and its sentence stand. */
(() => {
  "use strict";
  const STEP_MS = 450;
  const figures = new Map();

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(inflated).text());
  }

  function explorer(figure) {
    const { texts, frames: packed } = JSON.parse(figure.querySelector("script").textContent);
    const inputs = [...figure.querySelectorAll("[data-name]")];
    const panels = [...figure.querySelectorAll(".panels > svg > g:last-child")];
    const caption = figure.querySelector("figcaption > span");
    const link = figure.querySelector("figcaption > a");
    let frames, loading, resting;

    const load = () => (loading ??= unpack(packed).then((value) => (frames = value)));
    const index = () => inputs.reduce((at, input, i) => at * texts[i].length + Number(input.value), 0);

    function draw() {
      const at = index();
      panels.forEach((panel, i) => (panel.innerHTML = frames.moving[at][i]));
      caption.textContent = frames.sentences[at];
    }

    function show() {
      inputs.forEach((input, i) => {
        if (input.type !== "range") return;
        const text = texts[i][input.value];
        input.setAttribute("aria-valuetext", text);
        input.nextElementSibling.textContent = text;
      });
      if (frames) draw();
      else load().then(draw);
    }

    function address() {
      const state = inputs.map((input, i) => `&${input.dataset.name}=${encodeURIComponent(texts[i][input.value])}`);
      return `#${figure.id}${state.join("")}`;
    }

    // While something moves a slider speaks its value; the sentence is spoken once all of them rest.
    function moved() {
      caption.setAttribute("aria-live", "off");
      show();
      clearTimeout(resting);
      resting = setTimeout(() => {
        link.href = address();
        history.replaceState(history.state, "", link.href);
        caption.setAttribute("aria-live", "polite");
        setTimeout(() => load().then(draw), 100);
      }, STEP_MS + 200);
    }

    function restore(state) {
      for (const [name, text] of state) {
        const i = inputs.findIndex((input) => input.dataset.name === name);
        const value = i < 0 ? -1 : texts[i].indexOf(text);
        if (value >= 0) inputs[i].value = value;
      }
      show();
      figure.scrollIntoView();
    }

    function player(button) {
      const input = button.closest(".control").querySelector("input");
      const name = button.getAttribute("aria-label").replace(/^\w+/, "");
      let timer;
      const set = (playing) => {
        clearInterval(timer);
        timer = playing ? setInterval(step, STEP_MS) : undefined;
        button.textContent = playing ? "Pause" : "Play";
        button.setAttribute("aria-label", button.textContent + name);
      };
      const step = () => {
        if (input.value === input.max) return set(false);
        input.stepUp();
        moved();
      };
      button.addEventListener("click", () => {
        if (!timer && input.value === input.max) {
          input.value = 0;
          moved();
        }
        set(!timer);
      });
      inputs.forEach((other) => other.addEventListener("input", () => set(false)));
    }

    inputs.forEach((input) => input.addEventListener("input", moved));
    figure.querySelectorAll(".play").forEach(player);
    figure.querySelector(".controls").hidden = false;
    figure.addEventListener("focusin", load, { once: true });
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      load();
    }, { rootMargin: "400px" }).observe(figure);
    figures.set(figure.id, restore);
  }

  function follow() {
    const [id, ...state] = location.hash.slice(1).split("&");
    if (state.length) figures.get(id)?.(new URLSearchParams(state.join("&")));
  }

  for (const figure of document.querySelectorAll(".slopes-explorer")) {
    if ("DecompressionStream" in window) {
      explorer(figure);
    } else {
      figure.querySelector(".controls").remove();
      figure.querySelector(".no-frames").hidden = false;
    }
  }
  follow();
  addEventListener("hashchange", follow);
})();

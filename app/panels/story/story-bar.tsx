export function StoryBar() {
  return <section className="story-bar" aria-label="Story" />
}

import { componentsIn } from '../check/components.ts'
import { readManifest } from './manifest.ts'

/** A bill of materials of the package, as CycloneDX 1.6: what is bundled in it, and what is installed beside it. */
export async function sbomOf(root: string): Promise<string> {
  const { name, version } = await readManifest(root)
  const ref = purlOf(name, version)
  const components = componentsIn(root)
  const refs = components.map((component) => purlOf(component.name, component.version))
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'library', 'bom-ref': ref, name, version, purl: ref } },
    components: components.map((component, index) => ({
      type: 'library',
      'bom-ref': refs[index],
      name: component.name,
      version: component.version,
      purl: refs[index],
      licenses: [{ license: { id: component.licence } }],
      properties: [{ name: 'bundled', value: String(component.isBundled) }],
    })),
    dependencies: [{ ref, dependsOn: refs }],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}
